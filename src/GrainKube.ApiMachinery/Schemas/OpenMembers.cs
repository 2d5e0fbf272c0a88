using System.Collections;
using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>
/// The members of the objects that a decoder has begun and not ended, the innermost last. Only what is whole becomes a <see cref="JsonObject"/>, of the size that it needs: one
/// that grows member by member takes twice the memory.
/// </summary>
internal sealed class OpenMembers : ICollection<KeyValuePair<string, JsonNode?>>, IEnumerator<KeyValuePair<string, JsonNode?>>
{
    private const int MostKept = 1024;

    [ThreadStatic]
    private static OpenMembers? spare;

    private KeyValuePair<string, JsonNode?>[] members = new KeyValuePair<string, JsonNode?>[64];
    private int count;

    // Of the object that is being made.
    private int start;
    private int at;
    private int room;

    /// <summary>What a decoder on this thread may use until it gives it back.</summary>
    public static OpenMembers Take()
    {
        var taken = spare ?? new OpenMembers();
        spare = null;
        return taken;
    }

    /// <summary>Gives it back, whether the document could be read or not.</summary>
    public void Return()
    {
        if (members.Length <= MostKept)
        {
            members.AsSpan(0, count).Clear();
            count = 0;
            spare = this;
        }
    }

    /// <summary>Where the members of an object begin that begins now.</summary>
    public int Begin() => count;

    public JsonNode? this[int place]
    {
        get => members[place].Value;
        set => members[place] = new(members[place].Key, value);
    }

    public void Add(string name, JsonNode? value)
    {
        if (count == members.Length)
        {
            Array.Resize(ref members, count * 2);
        }

        members[count++] = new(name, value);
    }

    /// <summary>The place of a member of the innermost object, or -1.</summary>
    /// <param name="first">Where that object begins.</param>
    /// <param name="name">Of the member.</param>
    /// <param name="index">The decoder's, of this object: made where a search would take too long.</param>
    public int Find(int first, string name, ref Dictionary<string, int>? index)
    {
        const int many = 32;
        if (count - first < many)
        {
            for (var i = first; i < count; i++)
            {
                if (members[i].Key == name)
                {
                    return i;
                }
            }

            return -1;
        }

        index ??= new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = first + index.Count; i < count; i++)
        {
            index[members[i].Key] = i;
        }

        return index.GetValueOrDefault(name, -1);
    }

    /// <summary>Makes the innermost object.</summary>
    /// <param name="first">Where it begins.</param>
    /// <param name="more">So many members are likely to be put in later.</param>
    public JsonObject End(int first, int more = 0)
    {
        if (count == first)
        {
            return [];
        }

        (start, at, room) = (first, first - 1, count - first + more);
        var item = new JsonObject(this);
        members.AsSpan(first, count - first).Clear();
        count = first;
        return item;
    }

    /// <summary>For the object that is made: how many members it is to have room for.</summary>
    int ICollection<KeyValuePair<string, JsonNode?>>.Count => room;

    bool ICollection<KeyValuePair<string, JsonNode?>>.IsReadOnly => true;

    KeyValuePair<string, JsonNode?> IEnumerator<KeyValuePair<string, JsonNode?>>.Current => members[at];

    object IEnumerator.Current => members[at];

    IEnumerator<KeyValuePair<string, JsonNode?>> IEnumerable<KeyValuePair<string, JsonNode?>>.GetEnumerator() => this;

    IEnumerator IEnumerable.GetEnumerator() => this;

    bool IEnumerator.MoveNext() => ++at < count;

    void IEnumerator.Reset() => at = start - 1;

    void IDisposable.Dispose()
    {
        // There is only one of it, and nothing to let go.
    }

    void ICollection<KeyValuePair<string, JsonNode?>>.Add(KeyValuePair<string, JsonNode?> item) => throw new NotSupportedException();

    void ICollection<KeyValuePair<string, JsonNode?>>.Clear() => throw new NotSupportedException();

    bool ICollection<KeyValuePair<string, JsonNode?>>.Contains(KeyValuePair<string, JsonNode?> item) => throw new NotSupportedException();

    void ICollection<KeyValuePair<string, JsonNode?>>.CopyTo(KeyValuePair<string, JsonNode?>[] array, int arrayIndex) => throw new NotSupportedException();

    bool ICollection<KeyValuePair<string, JsonNode?>>.Remove(KeyValuePair<string, JsonNode?> item) => throw new NotSupportedException();
}
