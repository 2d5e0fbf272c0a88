using System.Text;

namespace GrainKube.Kubelet.Environment;

/// <summary>Replaces <c>$(NAME)</c>; <c>$$</c> is a dollar, and names that are not known stay as they are.</summary>
internal static class Expansion
{
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables)
    {
        if (!text.Contains('$'))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            switch (text[i + 1])
            {
                case '$':
                    result.Append('$');
                    i++;
                    break;
                case '(' when text.IndexOf(')', i + 2) is var end && end > 0:
                    var name = text[(i + 2)..end];
                    result.Append(variables.TryGetValue(name, out var value) ? value : text[i..(end + 1)]);
                    i = end;
                    break;
                default:
                    result.Append('$').Append(text[i + 1]);
                    i++;
                    break;
            }
        }

        return result.ToString();
    }
}
