using System.Text;
using System.Text.Json;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Resources;

/// <summary>Reads one scalar from an object's bytes without parsing the rest of it.</summary>
internal static class FieldPath
{
    /// <summary>A reader of the scalar at a dotted path: strings as they are, numbers and booleans as in JSON, and <paramref name="absent"/> for what is absent, null or no scalar.</summary>
    public static Func<KubeObject, string> Reader(string path, string absent = "")
    {
        var names = path.Split('.').Select(Encoding.UTF8.GetBytes).ToArray();
        return item => Read(item.Json.Span, names) ?? absent;
    }

    private static string? Read(ReadOnlySpan<byte> json, byte[][] names)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        foreach (var name in names)
        {
            if (!Enter(ref reader, name))
            {
                return null;
            }
        }

        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => null,
        };
    }

    /// <summary>Moves from the start of an object to the value of one of its members.</summary>
    private static bool Enter(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
