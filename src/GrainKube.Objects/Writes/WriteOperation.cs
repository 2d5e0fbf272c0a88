using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Objects.Writes.Outside;

namespace GrainKube.Objects.Writes;

/// <summary>One call of the write pipeline: what was asked, of which kind, in which version.</summary>
internal sealed class WriteOperation
{
    private static readonly IReadOnlyDictionary<string, string> NoAnnotations = new Dictionary<string, string>();
    private readonly List<string> warnings = [];
    private Dictionary<string, string>? auditAnnotations;
    private AdmissionRequest? asked;

    public WriteOperation(ObjectKey key, WriteRequest request, ResourceRegistry registry, DateTimeOffset now)
    {
        if (!registry.TryFind(key.GroupResource, out var definition))
        {
            throw ApiException.NoSuchResource();
        }

        (Key, Request, Definition) = (key, request, definition);
        Served = request.ApiVersion.Length == 0
            ? definition.Versions[0]
            : definition.Versions.FirstOrDefault(v => v.ApiVersion == request.ApiVersion) ?? throw ApiException.NoSuchResource();
        Scope = new WriteScope(request.User, request.Subresource, new DateTimeOffset(now.UtcDateTime.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerSecond))), request.DryRun);
        Registry = registry;
    }

    public ObjectKey Key { get; }
    public WriteRequest Request { get; }
    public ResourceDefinition Definition { get; }
    public ResourceRegistry Registry { get; }

    /// <summary>The version of the body and of the answer.</summary>
    public ServedVersion Served { get; }
    public WriteScope Scope { get; }

    /// <summary>A POST of an object: nothing but the object says its name.</summary>
    public bool MayBeRenamed => Request is { Verb: WriteVerb.Create, Subresource: "" };
    public bool IsStorageVersion => ReferenceEquals(Served, Definition.Versions[0]);
    public IList<string> Warnings => warnings;

    /// <summary>The <c>managedFields</c> that the body had, where it may change them.</summary>
    public JsonNode? SentManagers { get; set; }

    /// <summary>The <c>managedFields</c> that server-side apply has decided; null for every other write.</summary>
    public JsonArray? AppliedManagers { get; set; }

    /// <summary>How far the write is to be prepared; null where it is to be committed.</summary>
    public PrepareStage? PreparesTo { get; init; }

    /// <summary>What outside admission is to be shown; known once the write has come that far.</summary>
    public PreparedWrite? Prepared { get; set; }

    /// <summary>Everything the client is to be warned of, each text once.</summary>
    public IReadOnlyList<string> AllWarnings => warnings.Count + Scope.Warnings.Count == 0 ? [] : [.. warnings.Concat(Scope.Warnings).Distinct(StringComparer.Ordinal)];

    /// <summary>What admission wants to be said in the audit log.</summary>
    public IReadOnlyDictionary<string, string> AuditAnnotations => auditAnnotations ?? NoAnnotations;

    /// <summary>A redo starts with a clean list.</summary>
    public void ForgetWarnings()
    {
        auditAnnotations?.Clear();
        warnings.Clear();
        Scope.Warnings.Clear();
    }

    /// <param name="operation">As admission calls it.</param>
    /// <param name="validates">Mutation is over: what is created has its name.</param>
    /// <param name="item">The object, or the body of a subresource.</param>
    /// <param name="current">The same of what is stored.</param>
    /// <param name="stored">What is stored.</param>
    /// <param name="bodyKind">Of the body.</param>
    public AdmissionRequest Admission(AdmissionOperation operation, bool validates, JsonObject? item, JsonObject? current, CurrentObject? stored, DecodeTarget? bodyKind = null)
    {
        var name = Request.Unnamed && !(validates && operation == AdmissionOperation.Create) ? "" : Key.Name;
        var revision = stored?.Revision ?? 0;

        // Validation is mostly asked of what mutation was asked of.
        return asked is { } same && (same.Operation, same.Name, same.Revision, same.BodyKind) == (operation, name, revision, bodyKind)
            && ReferenceEquals(same.Object, item) && ReferenceEquals(same.Current, current)
            ? same
            : asked = NewAdmission(operation, name, item, current, stored, bodyKind);
    }

    private AdmissionRequest NewAdmission(AdmissionOperation operation, string name, JsonObject? item, JsonObject? current, CurrentObject? stored, DecodeTarget? bodyKind) => new()
    {
        Operation = operation,
        Resource = Definition,
        Version = Served,
        Key = Key,
        Name = name,
        Subresource = Request.Subresource,
        User = Request.User,
        DryRun = Request.DryRun,
        Options = () => OperationOptions.Of(this, operation, stored),
        Revision = stored?.Revision ?? 0,
        Object = item,
        Current = current,
        BodyKind = bodyKind,
        Warnings = Warnings,
        AuditAnnotations = auditAnnotations ??= [],
        Answers = Request.Answers,
    };
}
