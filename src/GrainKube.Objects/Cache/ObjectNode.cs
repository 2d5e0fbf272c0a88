using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Cache;

/// <summary>A node of an <see cref="ObjectTree"/>: a leaf has objects, a branch nodes, all of them of one depth. Immutable, and empty only as the root of the empty tree.</summary>
internal sealed class ObjectNode
{
    /// <summary>What a node is filled to where much is put in at once.</summary>
    public const int Filled = Most * 3 / 4;
    private const int Most = 32;

    public ObjectNode(KubeObject[] items) => (Items, First) = (items, items.Length == 0 ? null : items[0]);

    public ObjectNode(ObjectNode[] nodes) => (Nodes, First) = (nodes, nodes[0].First);

    /// <summary>Of a leaf, in order.</summary>
    public KubeObject[]? Items { get; }

    /// <summary>Of a branch, in order.</summary>
    public ObjectNode[]? Nodes { get; }

    /// <summary>The first object in or below this node.</summary>
    public KubeObject? First { get; }

    private int Size => Items?.Length ?? Nodes!.Length;

    /// <summary>The root above nodes that are in order.</summary>
    public static ObjectNode Above(ObjectNode[] nodes)
    {
        while (nodes.Length > 1)
        {
            nodes = [.. nodes.Chunk(Filled).Select(below => new ObjectNode(below))];
        }

        return nodes[0];
    }

    /// <summary>The place of the node in or below which an object is, or would be.</summary>
    public static int Toward(ObjectNode[] nodes, string ns, string name)
    {
        int low = 0, high = nodes.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = Compare(nodes[middle].First!, ns, name) <= 0 ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    /// <summary>Where an object is, or would be put.</summary>
    public static (int Index, bool Found) Seek(KubeObject[] items, string ns, string name)
    {
        int first = 0, last = items.Length - 1;
        while (first <= last)
        {
            var middle = (first + last) / 2;
            switch (Compare(items[middle], ns, name))
            {
                case 0:
                    return (middle, true);
                case < 0:
                    first = middle + 1;
                    break;
                default:
                    last = middle - 1;
                    break;
            }
        }

        return (first, false);
    }

    /// <summary>Puts an object in, in place of one of the same name.</summary>
    /// <returns>The node in place of this one, what had no room in it any more, and whether there was none of that name.</returns>
    public (ObjectNode Node, ObjectNode? Right, bool IsNew) Put(KubeObject item)
    {
        var (ns, name) = (item.Key.Namespace, item.Key.Name);
        if (Items is { } items)
        {
            var (index, found) = Seek(items, ns, name);
            if (found)
            {
                return (new ObjectNode(With(items, index, item)), null, false);
            }

            var (left, right) = Split(Insert(items, index, item), index == items.Length);
            return (new ObjectNode(left), right is null ? null : new ObjectNode(right), true);
        }

        var at = Toward(Nodes!, ns, name);
        var (below, beside, isNew) = Nodes![at].Put(item);
        var changed = With(Nodes, at, below);
        if (beside is null)
        {
            return (new ObjectNode(changed), null, isNew);
        }

        var (first, second) = Split(Insert(changed, at + 1, beside), at == Nodes.Length - 1);
        return (new ObjectNode(first), second is null ? null : new ObjectNode(second), isNew);
    }

    /// <summary>Takes out an object that is there.</summary>
    /// <returns>The node in place of this one; null where nothing is left of it.</returns>
    public ObjectNode? Remove(string ns, string name)
    {
        if (Items is { } items)
        {
            return items.Length == 1 ? null : new ObjectNode(Without(items, Seek(items, ns, name).Index));
        }

        var at = Toward(Nodes!, ns, name);
        var below = Nodes![at].Remove(ns, name);
        if (below is null)
        {
            return Nodes.Length == 1 ? null : new ObjectNode(Without(Nodes, at));
        }

        if (at + 1 == Nodes.Length || below.Size + Nodes[at + 1].Size > Most / 2)
        {
            return new ObjectNode(With(Nodes, at, below));
        }

        return new ObjectNode(With(Without(Nodes, at + 1), at, below.Joined(Nodes[at + 1])));
    }

    private ObjectNode Joined(ObjectNode next) => Items is { } items ? new ObjectNode([.. items, .. next.Items!]) : new ObjectNode([.. Nodes!, .. next.Nodes!]);

    /// <summary>Names that arrive in ascending order fill the last node; splitting near its end keeps the others full.</summary>
    private static (T[] Left, T[]? Right) Split<T>(T[] grown, bool atEnd)
    {
        var half = atEnd ? Most * 7 / 8 : grown.Length / 2;
        return grown.Length <= Most ? (grown, null) : (grown[..half], grown[half..]);
    }

    private static T[] With<T>(T[] list, int at, T item)
    {
        var copy = (T[])list.Clone();
        copy[at] = item;
        return copy;
    }

    private static T[] Insert<T>(T[] list, int at, T item) => [.. list.AsSpan(0, at), item, .. list.AsSpan(at)];

    private static T[] Without<T>(T[] list, int at) => [.. list.AsSpan(0, at), .. list.AsSpan(at + 1)];

    private static int Compare(KubeObject item, string ns, string name) => KeyOrder.Compare(item.Key.Namespace, item.Key.Name, ns, name);
}
