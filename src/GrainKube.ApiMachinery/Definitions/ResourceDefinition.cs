using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Tables;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Definitions;

/// <summary>
/// All that the machinery knows of a kind. Built-in kinds derive from <see cref="ResourceDefinition{T}"/>; a custom resource is built from its CustomResourceDefinition.
/// Generic code asks the definition and never names a kind.
/// </summary>
public abstract class ResourceDefinition(ResourceNames names)
{
    private static readonly IReadOnlyList<string> AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public ResourceNames Names { get; } = names;
    public GroupResource GroupResource { get; } = names.GroupResource;

    /// <summary>Every version under which the kind is served, the storage version first.</summary>
    public abstract IReadOnlyList<ServedVersion> Versions { get; }

    /// <summary>The storage version's root schema.</summary>
    public Schema Schema => Versions[0].Schema;

    /// <summary>The model of the storage version; null for custom resources.</summary>
    public abstract Type? Model { get; }

    /// <summary>The kind has a <c>/status</c> subresource; <c>status</c> is then dropped from creates and kept by updates.</summary>
    public bool HasStatus { get; protected set; }

    /// <summary>A create keeps the <c>status</c> it brings, although the kind has <c>/status</c> (a Node registers with its capacity).</summary>
    public bool KeepsStatusOnCreate { get; protected set; }

    /// <summary>Members of <c>metadata</c> that a write to <c>/status</c> leaves as they are; upstream lets it change the others.</summary>
    public IReadOnlyList<string> KeptByStatus { get; protected set; } = [];

    /// <summary><see cref="KeptByStatus"/> of kinds whose <c>/status</c> is about nothing else (upstream: ResetObjectMetaForStatus).</summary>
    protected static readonly string[] AllMetadata = ["labels", "annotations", "finalizers", "ownerReferences"];

    /// <summary>The kind has a <c>/scale</c> subresource.</summary>
    public ScaleMapping? Scale { get; protected set; }

    /// <summary><c>metadata.generation</c> starts at 1 and grows with every change outside metadata and status.</summary>
    public bool HasGeneration { get; protected set; }

    /// <summary>A change of the annotations raises the generation, too: Deployments hand theirs on to their replica sets.</summary>
    public bool AnnotationsCount { get; protected set; }

    /// <summary>A PUT on an absent name creates it (upstream: AllowCreateOnUpdate).</summary>
    public bool CreatesOnUpdate { get; protected set; }

    /// <summary>A PUT without <c>resourceVersion</c> is taken as unconditional (upstream: AllowUnconditionalUpdate).</summary>
    public bool AllowsUnconditionalUpdate { get; protected set; } = true;

    /// <summary>A finished delete is answered with the object's last state, not with a Status (upstream: ReturnDeletedObject; pods, services and some more).</summary>
    public bool ReturnsDeletedObject { get; protected set; }

    /// <summary>A delete that does not say what becomes of the dependents leaves them (upstream's DefaultGarbageCollectionPolicy: <c>batch/v1</c> Jobs and replication controllers).</summary>
    public bool OrphansByDefault { get; protected set; }

    /// <summary>What is told to whoever leaves dependents by default; empty where nothing is.</summary>
    public string OrphansWarning { get; protected set; } = "";

    /// <summary>Verbs as discovery lists them, sorted.</summary>
    public IReadOnlyList<string> Verbs { get; protected set; } = AllVerbs;

    /// <summary>False for kinds that the API server answers for by itself: questions (<c>tokenreviews</c>, only <c>create</c>) and what is computed when asked (<c>metrics.k8s.io</c>, <c>get</c> and <c>list</c>).</summary>
    public bool IsStored { get; protected set; } = true;

    /// <summary>How long after its last write an object is deleted by the store; zero means never. Events live for an hour.</summary>
    public TimeSpan TimeToLive { get; protected set; }

    public IReadOnlyList<Subresource> Subresources { get; protected set; } = [];

    /// <summary>
    /// Subresources that the API server serves itself, for discovery: name, kind of the body, verbs (<c>log</c>, <c>exec</c>, <c>portforward</c>, <c>proxy</c>, <c>token</c>, <c>eviction</c>).
    /// </summary>
    public IReadOnlyList<ServedSubresource> ServedSubresources { get; protected set; } = [];

    /// <summary>Field selectors beyond <c>metadata.name</c> and <c>metadata.namespace</c>, each with the way to read it.</summary>
    public IReadOnlyDictionary<string, Func<KubeObject, string>> SelectableFields { get; protected set; } = new Dictionary<string, Func<KubeObject, string>>();

    /// <summary>How a name must look; DNS subdomain unless said otherwise.</summary>
    public NameFormat NameFormat { get; protected set; } = NameFormat.DnsSubdomain;
    public IDefaults? Defaults { get; protected set; }
    public IStrategy Strategy { get; protected set; } = NoStrategy.Instance;
    public IColumns Columns { get; protected set; } = NameAndAge.Instance;

    /// <summary>Validates an object of the storage version; metadata's general rules are the machinery's.</summary>
    /// <param name="next">The object after defaulting.</param>
    /// <param name="current">What is stored, or null on create.</param>
    /// <param name="subresource">Empty, <c>status</c>, or one of <see cref="Subresources"/>.</param>
    /// <param name="errors">Where problems go.</param>
    /// <param name="warnings">Where advice to the user goes.</param>
    public abstract void Validate(JsonObject next, StoredObject? current, string subresource, FieldErrors errors, IList<string> warnings);

    /// <summary>The same for a write in the version <paramref name="served"/>: custom resources may demand different things of each version.</summary>
    public virtual void Validate(ServedVersion served, JsonObject next, StoredObject? current, string subresource, FieldErrors errors, IList<string> warnings) =>
        Validate(next, current, subresource, errors, warnings);

    private sealed class NoStrategy : IStrategy
    {
        public static readonly NoStrategy Instance = new();
    }
}
