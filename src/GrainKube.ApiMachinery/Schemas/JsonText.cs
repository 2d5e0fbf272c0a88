using System.Globalization;
using System.Text;
using System.Text.Json;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>Reads a JSON string the way upstream's decoder does: what is not valid Unicode becomes U+FFFD and is no error.</summary>
internal static class JsonText
{
    /// <summary>A text that many objects have: it may be the same string as in others.</summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        try
        {
            return Utf8Interner.Get(ref reader);
        }
        catch (InvalidOperationException)
        {
            return ReadLeniently(reader.ValueSpan);
        }
    }

    /// <summary>A text that is nobody else's.</summary>
    public static string ReadUnshared(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return ReadLeniently(reader.ValueSpan);
        }
    }

    private static string ReadLeniently(ReadOnlySpan<byte> raw)
    {
        var escaped = Encoding.UTF8.GetString(raw);
        var text = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                text.Append(escaped[i]);
                continue;
            }

            i++;
            if (escaped[i] == 'u')
            {
                text.Append((char)ushort.Parse(escaped.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(escaped[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var same => same });
            }
        }

        // The way through bytes replaces half surrogate pairs.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
