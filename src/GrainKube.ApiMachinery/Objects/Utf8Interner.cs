using System.Text.Json;

namespace GrainKube.ApiMachinery.Objects;

/// <summary>Gives the same string for the same UTF-8 bytes, most of the time: label keys, namespaces, images and constants such as <c>Always</c> repeat thousands of times.</summary>
/// <remarks>Direct-mapped and lock-free: a collision or a race only costs a second copy. What was read is kept until another takes its place: not for secrets.</remarks>
public static class Utf8Interner
{
    private const int Size = 8192;
    private const int MaxLength = 128;
    private static readonly string?[] Slots = new string?[Size];

    /// <summary>The present string or property name; empty for <c>null</c>.</summary>
    /// <exception cref="InvalidOperationException">The token is neither, or its text is not valid.</exception>
    public static string Get(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || reader.ValueIsEscaped || reader.HasValueSequence || reader.ValueSpan.Length > MaxLength)
        {
            return reader.GetString() ?? "";
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

        var made = reader.GetString()!;
        slot = made;
        return made;
    }

    /// <summary>The same for text that somebody has put together.</summary>
    public static string Get(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return text.ToString();
        }

        uint hash = 2166136261;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 16777619;
        }

        ref var slot = ref Slots[(hash ^ (hash >> 15)) & (Size - 1)];
        return slot is { } known && text.SequenceEqual(known) ? known : slot = text.ToString();
    }

    private static bool Matches(string text, ReadOnlySpan<byte> bytes) => text.Length == bytes.Length && System.Text.Ascii.Equals(bytes, text);
}
