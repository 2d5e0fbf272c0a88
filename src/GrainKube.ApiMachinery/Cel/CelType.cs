namespace GrainKube.ApiMachinery.Cel;

/// <summary>A static type: what the checker knows of an expression. Compared by structure; objects with declared fields by reference.</summary>
public sealed class CelType
{
    private readonly Func<string, CelType?>? field;

    private CelType(CelTypeShape shape, string name, params IReadOnlyList<CelType> arguments) => (Shape, Name, Arguments) = (shape, name, arguments);

    private CelType(string name, Func<string, CelType?> field) : this(CelTypeShape.Object, name) => this.field = field;

    public static CelType Dyn { get; } = new(CelTypeShape.Dyn, "dyn");
    public static CelType Null { get; } = new(CelTypeShape.Scalar, "null_type");
    public static CelType Bool { get; } = new(CelTypeShape.Scalar, "bool");
    public static CelType Int { get; } = new(CelTypeShape.Scalar, "int");
    public static CelType Uint { get; } = new(CelTypeShape.Scalar, "uint");
    public static CelType Double { get; } = new(CelTypeShape.Scalar, "double");
    public static CelType String { get; } = new(CelTypeShape.Scalar, "string");
    public static CelType Bytes { get; } = new(CelTypeShape.Scalar, "bytes");
    public static CelType Timestamp { get; } = new(CelTypeShape.Scalar, "google.protobuf.Timestamp");
    public static CelType Duration { get; } = new(CelTypeShape.Scalar, "google.protobuf.Duration");

    /// <summary>What the checker could not type; it has said why and says nothing more about it.</summary>
    internal static CelType Unknown { get; } = new(CelTypeShape.Dyn, "!error!");

    internal CelTypeShape Shape { get; }

    /// <summary>As <c>type(x)</c> prints it.</summary>
    public string Name { get; }

    internal IReadOnlyList<CelType> Arguments { get; }

    public bool IsDyn => Shape == CelTypeShape.Dyn;

    public static CelType ListOf(CelType element) => new(CelTypeShape.List, "list", element);

    public static CelType MapOf(CelType key, CelType value) => new(CelTypeShape.Map, "map", key, value);

    public static CelType OptionalOf(CelType value) => new(CelTypeShape.Optional, "optional_type", value);

    public static CelType TypeOf(CelType value) => new(CelTypeShape.Type, "type", value);

    /// <summary>A type known by its name alone.</summary>
    public static CelType Opaque(string name) => new(CelTypeShape.Opaque, name);

    /// <summary>An object whose fields are asked for by name; the function may be recursive, and gives null for an unknown field.</summary>
    public static CelType Object(string name, Func<string, CelType?> field) => new(name, field);

    /// <summary>An object with these fields.</summary>
    public static CelType Object(string name, IReadOnlyDictionary<string, CelType> fields) => new(name, fields.GetValueOrDefault);

    /// <summary>A place that is found by unification.</summary>
    internal static CelType Parameter(string name) => new(CelTypeShape.Parameter, name);

    /// <summary>The type of a field, or null where the object has none.</summary>
    internal CelType? Field(string name) => field?.Invoke(name);

    public override string ToString() => Shape switch
    {
        CelTypeShape.Scalar when ReferenceEquals(this, Timestamp) => "timestamp",
        CelTypeShape.Scalar when ReferenceEquals(this, Duration) => "duration",
        CelTypeShape.Scalar when ReferenceEquals(this, Null) => "null",
        _ when Arguments.Count == 0 => Name,
        _ => $"{Name}({string.Join(", ", Arguments)})",
    };

    /// <summary>Same in structure.</summary>
    public bool Is(CelType other) =>
        ReferenceEquals(this, other)
        || (Shape == other.Shape && Shape != CelTypeShape.Object && Name == other.Name && Arguments.Count == other.Arguments.Count
            && Arguments.Zip(other.Arguments).All(p => p.First.Is(p.Second)));
}

internal enum CelTypeShape
{
    Dyn,
    Scalar,
    List,
    Map,
    Optional,
    Type,
    Opaque,
    Object,
    Parameter,
}
