using System.Text;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>The beginning of a body, for a message about it.</summary>
internal static class BodySummary
{
    private const int Shown = 30;

    /// <summary>Text where it looks like an object, hexadecimal otherwise.</summary>
    public static string Of(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return "<empty>";
        }

        var head = body[..Math.Min(Shown, body.Length)];
        var text = body[0] == '{' ? Encoding.UTF8.GetString(head) : Convert.ToHexStringLower(head);
        return body.Length > Shown ? text + " ..." : text;
    }
}
