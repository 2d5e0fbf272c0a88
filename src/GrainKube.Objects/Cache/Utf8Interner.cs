using System.Text;
using System.Text.Json;

namespace GrainKube.Objects.Cache;

/// <summary>Gives the same string for the same UTF-8 bytes, most of the time: label keys, namespaces and kinds repeat thousands of times.</summary>
/// <remarks>Direct-mapped and lock-free: a collision or a race only costs a second copy.</remarks>
internal static class Utf8Interner
{
    private const int Size = 8192;
    private const int MaxLength = 128;
    private static readonly string?[] Slots = new string?[Size];

    public static string Get(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped || reader.HasValueSequence || reader.ValueSpan.Length > MaxLength)
        {
            return reader.GetString()!;
        }

        var bytes = reader.ValueSpan;
        if (bytes.IsEmpty)
        {
            return "";
        }

        uint hash = 2166136261;
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * 16777619;
        }

        ref var slot = ref Slots[(hash ^ (hash >> 15)) & (Size - 1)];
        if (slot is { } known && Matches(known, bytes))
        {
            return known;
        }

        var made = Encoding.UTF8.GetString(bytes);
        slot = made;
        return made;
    }

    private static bool Matches(string text, ReadOnlySpan<byte> bytes) => text.Length == bytes.Length && System.Text.Ascii.Equals(bytes, text);
}
