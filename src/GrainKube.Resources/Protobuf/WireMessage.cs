namespace GrainKube.Resources.Protobuf;

/// <summary>The fields of one message. Messages may contain themselves.</summary>
/// <param name="name">Its name with its package, as in <c>apps.v1.Deployment</c>.</param>
/// <param name="isKind">It may be a whole body.</param>
/// <param name="isUnion">JSON writes only the value of the first field of <see cref="Fields"/> that is present.</param>
/// <param name="fields">In the table's order.</param>
public sealed class WireMessage(string name, bool isKind, bool isUnion, IReadOnlyList<WireField> fields)
{
    private readonly WireField?[] byNumber = ByNumber(fields);

    public string Name { get; } = name;
    public bool IsKind { get; } = isKind;
    public bool IsUnion { get; } = isUnion;
    public IReadOnlyList<WireField> Fields { get; } = fields;

    /// <summary>The field of that number, null where the message has none.</summary>
    public WireField? Find(int number) => (uint)number < (uint)byNumber.Length ? byNumber[number] : null;

    private static WireField?[] ByNumber(IReadOnlyList<WireField> fields)
    {
        var table = new WireField?[fields.Count == 0 ? 0 : fields.Max(f => f.Number) + 1];
        foreach (var field in fields)
        {
            table[field.Number] = field;
        }

        return table;
    }
}
