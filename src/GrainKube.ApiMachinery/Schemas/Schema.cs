using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>
/// What one place in an object may hold: the basis of type checks, unknown-field detection, pruning, schema defaults, strategic merge, server-side apply and OpenAPI.
/// </summary>
/// <remarks>Schemas of built-in kinds may be recursive (JSONSchemaProps), so children are reached through properties that may be filled late. Immutable once published.</remarks>
public sealed class Schema
{
    /// <summary>OpenAPI definition name such as <c>io.k8s.api.core.v1.PodSpec</c>; null for inline schemas.</summary>
    public string? DefinitionName { get; init; }

    /// <summary>The name upstream's decoder prints for the type in errors, for example <c>v1.Container</c>, <c>[]v1.Container</c>, <c>int32</c>; null where there is none.</summary>
    public string? GoType { get; init; }
    public SchemaType Type { get; init; }

    /// <summary><c>int32</c>, <c>int64</c>, <c>date-time</c>, <c>byte</c>, <c>double</c>, <c>micro-time</c>, <c>quantity</c> or null.</summary>
    public string? Format { get; init; }

    /// <summary>Fields of an object by their JSON name, in upstream's order.</summary>
    public IReadOnlyDictionary<string, Schema> Properties { get; set; } = Empty;

    /// <summary>Elements of an array.</summary>
    public Schema? Items { get; set; }

    /// <summary>Values of a map (<c>labels</c>, <c>data</c>, resource lists); null where keys must be among <see cref="Properties"/>.</summary>
    public Schema? AdditionalProperties { get; set; }

    /// <summary>Names of fields that must be present; used for OpenAPI and by validators of custom resources.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>The value put in when the field is absent; null means none. Never hand it out without cloning.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>Where nothing is set, upstream's encoder writes null: a pointer, list, map or time of Go that it does not leave out.</summary>
    public bool NullWhenAbsent { get; init; }

    /// <summary>Upstream's encoder leaves the field out where it is an empty text, zero or false, so nobody reads it back.</summary>
    public bool LeftOutAtZero { get; init; }
    public IReadOnlyList<string> Enum { get; init; } = [];

    /// <summary>Strategic merge: the key by which elements of a list are matched; null means the list is replaced (or merged as a set of scalars if <see cref="PatchStrategy"/> says <c>merge</c>).</summary>
    public string? PatchMergeKey { get; init; }

    /// <summary>Strategic merge: <c>merge</c>, <c>retainKeys</c>, <c>merge,retainKeys</c>, <c>replace</c> or null.</summary>
    public string? PatchStrategy { get; init; }
    public ListType ListType { get; init; }
    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    /// <summary>A map or struct that server-side apply treats as one value.</summary>
    public bool AtomicMap { get; init; }

    /// <summary>Unknown fields are kept (<c>x-kubernetes-preserve-unknown-fields</c>).</summary>
    public bool PreserveUnknownFields { get; init; }
    public bool Nullable { get; init; }

    /// <summary>The value is a whole object with apiVersion, kind and metadata.</summary>
    public bool EmbeddedResource { get; init; }

    /// <summary>The JSON schema as the author of a custom resource wrote it, for OpenAPI; only at the root, and not to be changed.</summary>
    public JsonObject? Source { get; init; }

    /// <summary>Finds <see cref="Description"/> when it is asked for: the texts of built-in kinds are large and only OpenAPI needs them.</summary>
    public Func<string?>? Describe { get; init; }

    /// <summary>What users are told of this place; null where nothing is known.</summary>
    public string? Description => Describe?.Invoke();

    private static readonly Dictionary<string, Schema> Empty = [];
    private FieldTable? fields;
    private KeyValuePair<string, Schema>[]? defaulted;
    private bool? hasDefaults;
    private string? goStruct;
    private string[]? sortedMapKeys;
    private int? laterMembers;

    /// <summary>The fields that are put in where they are absent, or have such below them; made when first asked for, after the properties were filled.</summary>
    internal KeyValuePair<string, Schema>[] Defaulted =>
        defaulted ??= [.. Properties.Where(p => p.Value.IsPutIn || p.Value.HasDefaults)];

    private bool IsPutIn => Default is not null || NullWhenAbsent;

    /// <summary>Something below may need a default.</summary>
    internal bool HasDefaults => hasDefaults ??= ReachesDefault(new HashSet<object>(ReferenceEqualityComparer.Instance));

    /// <summary><see cref="ListMapKeys"/> in the order in which they stand in the names of owned fields.</summary>
    internal string[] SortedMapKeys => sortedMapKeys ??= [.. ListMapKeys.Order(StringComparer.Ordinal)];

    /// <summary>About how many members an object gets after it was decoded: its constants, and of types with many fields some that the kind or the system sets.</summary>
    internal int LaterMembers => laterMembers ??= Defaulted.Count(p => p.Value.Default is not null) + (Properties.Count >= 10 ? 5 : 0);

    /// <summary><see cref="Properties"/> for a decoder; made when first asked for, after the properties were filled.</summary>
    internal FieldTable Fields => fields ??= new FieldTable(Properties);

    /// <summary><see cref="GoType"/> without its package, as complaints about a field name its struct; null where there is none.</summary>
    internal string? GoStruct => goStruct ??= GoType?[(GoType.IndexOf('.') + 1)..];

    /// <summary>How upstream's decoder calls the type in its complaints.</summary>
    internal string GoTypeName => GoType ?? Type switch
    {
        SchemaType.String when Format is "byte" => "[]uint8",
        SchemaType.String => "string",
        SchemaType.Integer => Format ?? "int64",
        SchemaType.Number => "float64",
        SchemaType.Boolean => "bool",
        SchemaType.Array => "[]" + (Items?.GoTypeName ?? "interface {}"),
        SchemaType.Object when AdditionalProperties is not null => "map[string]" + AdditionalProperties.GoTypeName,
        SchemaType.Object => "map[string]interface {}",
        _ => "interface {}",
    };

    private bool ReachesDefault(HashSet<object> seen)
    {
        foreach (var child in seen.Add(Properties) ? Properties.Values : [])
        {
            if (child.IsPutIn || child.ReachesDefault(seen))
            {
                return true;
            }
        }

        return (Items?.ReachesDefault(seen) ?? false) || (AdditionalProperties?.ReachesDefault(seen) ?? false);
    }
}
