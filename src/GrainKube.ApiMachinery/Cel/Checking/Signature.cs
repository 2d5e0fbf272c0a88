namespace GrainKube.ApiMachinery.Cel.Checking;

/// <summary>Reads types from text.</summary>
internal static class Signature
{
    private static readonly Dictionary<string, CelType> Known = new[]
    {
        CelType.Dyn, CelType.Bool, CelType.Int, CelType.Uint, CelType.Double, CelType.String, CelType.Bytes,
    }.ToDictionary(t => t.Name);

    static Signature() =>
        (Known["timestamp"], Known["duration"], Known["null"]) = (CelType.Timestamp, CelType.Duration, CelType.Null);

    public static (IReadOnlyList<CelType> Parameters, CelType Result) Parse(string text)
    {
        var at = 0;
        var arrow = text.IndexOf("->", StringComparison.Ordinal);
        var parameters = text.AsSpan(0, arrow).Trim().IsEmpty ? [] : Types(text, ref at);
        at = arrow + 2;
        return (parameters, Type(text, ref at));
    }

    private static List<CelType> Types(string text, ref int at)
    {
        List<CelType> types = [Type(text, ref at)];
        while (at < text.Length && text[at] == ',')
        {
            at++;
            types.Add(Type(text, ref at));
        }

        return types;
    }

    private static CelType Type(string text, ref int at)
    {
        while (text[at] == ' ')
        {
            at++;
        }

        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '.' or '_'))
        {
            at++;
        }

        var name = text[start..at];
        List<CelType> arguments = [];
        if (at < text.Length && text[at] == '(')
        {
            at++;
            arguments = Types(text, ref at);
            at++;
        }

        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        return (name, arguments.Count) switch
        {
            ("list", 1) => CelType.ListOf(arguments[0]),
            ("map", 2) => CelType.MapOf(arguments[0], arguments[1]),
            ("optional", 1) => CelType.OptionalOf(arguments[0]),
            ("type", 1) => CelType.TypeOf(arguments[0]),
            ({ Length: 1 }, 0) => CelType.Parameter(name),
            (_, 0) => Known.TryGetValue(name, out var known) ? known : CelType.Opaque(name),
            _ => throw new ArgumentException($"no type: {text}", nameof(text)),
        };
    }
}
