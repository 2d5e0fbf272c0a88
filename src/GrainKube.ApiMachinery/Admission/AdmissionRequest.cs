using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Admission;

/// <summary>What in-process admission is asked about one write. It runs inside the object's turn: plugins read the watch cache, never another grain.</summary>
public sealed class AdmissionRequest
{
    private IDictionary<string, string>? auditAnnotations;

    public required AdmissionOperation Operation { get; init; }
    public required ResourceDefinition Resource { get; init; }
    /// <summary>The version that the client chose.</summary>
    public required ServedVersion Version { get; init; }
    public required ObjectKey Key { get; init; }

    /// <summary>As the client gave it: empty before mutation where it is drawn, and for one of a collection that is deleted.</summary>
    public required string Name { get; init; }

    /// <summary>A namespace itself counts as in it.</summary>
    public string Namespace => Is("", "namespaces") ? Name : Key.Namespace;

    /// <summary>Empty for the object itself.</summary>
    public required string Subresource { get; init; }
    public required UserInfo User { get; init; }
    public required bool DryRun { get; init; }

    /// <summary>Makes the options of the operation (<c>meta.k8s.io/v1 CreateOptions</c> …) as far as the client named them; null for a connection.</summary>
    public required Func<JsonObject?> Options { get; init; }

    /// <summary>The object as it would be stored, in the storage version; mutating plugins edit it. Null on delete. With a <see cref="BodyKind"/> the body of the request.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>What is stored; null on create. With a <see cref="BodyKind"/> what the subresource shows of it, if that can be read.</summary>
    public JsonObject? Current { get; init; }

    /// <summary>Revision of what is stored; 0 where nothing is.</summary>
    public long Revision { get; init; }

    /// <summary>Set where the object is the body of a subresource or of a connection, of a kind of its own: a Scale, a Binding, an Eviction.</summary>
    public DecodeTarget? BodyKind { get; init; }

    /// <summary>Advice for the user, sent as <c>Warning</c> headers.</summary>
    public required IList<string> Warnings { get; init; }

    /// <summary>What is to be said of the write in the audit log; keys name the plugin, as in <c>pod-security.kubernetes.io/exempt</c>.</summary>
    public IDictionary<string, string> AuditAnnotations { get => auditAnnotations ??= new Dictionary<string, string>(); init => auditAnnotations = value; }

    /// <summary>Set by a mutating plugin that puts in what may lack defaults of its kind (a user's template, one half of a pair): they are filled in again when all plugins had their turn.</summary>
    public bool LacksDefaults { get; set; }

    /// <summary>What the authorizers have answered about this write; null where who asks may wait for answers, because nobody's turn waits with him.</summary>
    public IReadOnlyList<AnsweredCheck>? Answers { get; init; }

    /// <summary>True for a create of that resource (no subresource).</summary>
    public bool Creates(string group, string resource) => Operation == AdmissionOperation.Create && Subresource.Length == 0 && Is(group, resource);

    public bool Is(string group, string resource) => Key.Group == group && Key.Resource == resource;
}
