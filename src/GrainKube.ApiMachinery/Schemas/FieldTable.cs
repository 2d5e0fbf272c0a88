using System.Text;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>Finds a field of a schema by its UTF-8 name without making a string. Names are compared exactly: upstream's decoder minds the case.</summary>
internal sealed class FieldTable
{
    private readonly Entry[] slots;
    private readonly int mask;

    public FieldTable(IReadOnlyDictionary<string, Schema> properties)
    {
        var size = 4;
        while (size < properties.Count * 2)
        {
            size *= 2;
        }

        slots = new Entry[size];
        mask = size - 1;
        foreach (var (name, schema) in properties)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            var at = Hash(bytes) & mask;
            while (slots[at] is not null)
            {
                at = (at + 1) & mask;
            }

            slots[at] = new Entry(name, bytes, schema);
        }
    }

    public Entry? Find(ReadOnlySpan<byte> name)
    {
        for (var at = Hash(name) & mask; slots[at] is { } entry; at = (at + 1) & mask)
        {
            if (name.SequenceEqual(entry.Utf8))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Length and three bytes tell the fields of a Kubernetes type apart well enough.</summary>
    private static int Hash(ReadOnlySpan<byte> name) =>
        name.IsEmpty ? 0 : (name.Length * 31) + (name[0] * 7) + (name[name.Length / 2] * 131) + (name[^1] * 17);

    /// <param name="Name">The shared string that becomes the key of every decoded object.</param>
    /// <param name="Utf8">The same as it is on the wire.</param>
    /// <param name="Schema">The field's schema.</param>
    internal sealed record Entry(string Name, byte[] Utf8, Schema Schema);
}
