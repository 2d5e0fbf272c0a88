using System.Globalization;
using System.Text;

namespace GrainKube.ApiMachinery.Errors;

/// <summary>Quotes text as upstream's messages do (Go's <c>%q</c>).</summary>
public static class GoQuote
{
    public static string Of(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append(@"\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' or '\x7f' => quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A list: <c>["a" "b"]</c>.</summary>
    public static string Of(IEnumerable<string> texts) => $"[{string.Join(' ', texts.Select(Of))}]";
}
