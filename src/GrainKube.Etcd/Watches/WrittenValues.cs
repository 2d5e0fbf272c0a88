using System.Numerics;
using System.Text;

namespace GrainKube.Etcd.Watches;

/// <summary>What this process has written last. A watch brings the same back, key and bytes, and takes it from here: so it lies in memory once.</summary>
/// <remarks>Direct-mapped and lock-free: a collision or a race costs a second copy, and what no watch asks for stays until another takes its place.</remarks>
internal sealed class WrittenValues
{
    private const int Size = 256;
    private const int LargestKept = 64 * 1024;
    private readonly Entry?[] slots = new Entry?[Size];

    /// <summary>A value that is about to be put.</summary>
    public void Note(string key, ReadOnlyMemory<byte> value)
    {
        if (value.Length > LargestKept)
        {
            return;
        }

        slots[SlotOf<char>(key)] = new Entry(key, value);
    }

    /// <summary>Key and value of a change as they were written, where they were written here; otherwise copies.</summary>
    public (string Key, ReadOnlyMemory<byte> Value) Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ref var slot = ref slots[SlotOf(key)];
        if (slot is not { } known || !Ascii.Equals(key, known.Key) || !value.SequenceEqual(known.Value.Span))
        {
            return (Encoding.UTF8.GetString(key), value.ToArray());
        }

        slot = null;
        return (known.Key, known.Value);
    }

    /// <summary>By FNV-1a: keys are ASCII, so letters and bytes come to the same.</summary>
    private static uint SlotOf<T>(ReadOnlySpan<T> key)
        where T : unmanaged, IBinaryInteger<T>
    {
        uint hash = 2166136261;
        foreach (var letter in key)
        {
            hash = (hash ^ uint.CreateTruncating(letter)) * 16777619;
        }

        return hash % Size;
    }

    private sealed record Entry(string Key, ReadOnlyMemory<byte> Value);
}
