using System.Globalization;
using System.Text;

namespace GrainKube.ApiMachinery.Cel.Syntax;

/// <summary>One thing that is wrong with an expression.</summary>
/// <param name="Position">Index into the text.</param>
/// <param name="Message">In cel-go's words.</param>
public sealed record CelIssue(int Position, string Message)
{
    /// <summary><c>ERROR: &lt;input&gt;:line:column: message</c> and the line with a caret under it.</summary>
    public string Format(string source)
    {
        var at = Math.Clamp(Position, 0, source.Length);
        var start = at == 0 ? 0 : source.LastIndexOf('\n', at - 1) + 1;
        var end = source.IndexOf('\n', at);
        var line = source[start..(end < 0 ? source.Length : end)];
        var number = 1 + source.AsSpan(0, start).Count('\n');
        var made = new StringBuilder();
        made.Append(CultureInfo.InvariantCulture, $"ERROR: <input>:{number}:{at - start + 1}: {Message}\n | {line.Replace('\t', ' ')}\n | ");
        return made.Append('.', at - start).Append('^').ToString();
    }
}
