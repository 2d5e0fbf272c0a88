using System.Collections.Concurrent;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Cache;

/// <summary>Finds objects of a kind by uid, by owner, by label and by selectable field. A field's index is made when it is first asked for and kept from then on.</summary>
internal sealed class KindIndexes
{
    /// <summary>No selectable field begins like this.</summary>
    private const string LabelPrefix = "label:";
    private const int MostIndexes = 48;
    private readonly ConcurrentDictionary<string, KubeObject> byUid = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ObjectTree> byOwner = new(StringComparer.Ordinal);
    private volatile FieldIndex[] fields = [];

    /// <summary>To be held while a change becomes visible in the tree and in the indexes, so that an index that is being made misses nothing.</summary>
    public Lock Gate { get; } = new();

    public KubeObject? ByUid(string uid) => byUid.GetValueOrDefault(uid);

    public IReadOnlyList<KubeObject> OwnedBy(string uid) => byOwner.TryGetValue(uid, out var owned) ? [.. owned.All()] : [];

    /// <summary>Objects whose field has that value.</summary>
    /// <param name="field">The field's name.</param>
    /// <param name="read">How to read it.</param>
    /// <param name="value">The value.</param>
    /// <param name="all">All objects as they stand, for the first time.</param>
    public IReadOnlyList<KubeObject> WithField(string field, Func<KubeObject, string?> read, string value, Func<ObjectTree> all) =>
        Tree(field, read, value, all) is { } found ? [.. found.All()] : [];

    /// <summary>Objects of one namespace (empty: of all) that carry the label; objects without it cost the index nothing.</summary>
    /// <remarks>Labels are chosen by users: past a number of indexes, whose upkeep every change pays for, the objects of the namespace are looked through instead.</remarks>
    public IReadOnlyList<KubeObject> WithLabel(string label, string value, string ns, Func<ObjectTree> all)
    {
        var name = LabelPrefix + label;
        if (fields.Length >= MostIndexes && Find(name) is null)
        {
            return [.. all().In(ns).Where(o => o.Header.Labels.TryGetValue(label, out var found) && found == value)];
        }

        return Tree(name, item => item.Header.Labels.GetValueOrDefault(label), value, all) is { } tree ? [.. tree.In(ns)] : [];
    }

    private ObjectTree? Tree(string field, Func<KubeObject, string?> read, string value, Func<ObjectTree> all)
    {
        var index = Find(field);
        if (index is null)
        {
            lock (Gate)
            {
                index = Find(field);
                if (index is null)
                {
                    index = new FieldIndex(field, read);
                    foreach (var item in all().All())
                    {
                        index.Replace(null, item);
                    }

                    fields = [.. fields, index];
                }
            }
        }

        return index.Values.GetValueOrDefault(value);
    }

    /// <summary>Takes in changes, under <see cref="Gate"/>.</summary>
    public void Take(List<ObjectChange> changes)
    {
        foreach (var change in changes)
        {
            Replace(change.Before, change.After);
        }
    }

    public void Replace(KubeObject? before, KubeObject? after)
    {
        if (before is not null && before.Header.Uid != after?.Header.Uid)
        {
            byUid.TryRemove(KeyValuePair.Create(before.Header.Uid, before));
        }

        if (after is not null && after.Header.Uid.Length > 0)
        {
            byUid[after.Header.Uid] = after;
        }

        foreach (var owner in before?.Header.Owners ?? [])
        {
            Remove(byOwner, owner.Uid, before!);
        }

        foreach (var owner in after?.Header.Owners ?? [])
        {
            Put(byOwner, owner.Uid, after!);
        }

        foreach (var field in fields)
        {
            field.Replace(before, after);
        }
    }

    private FieldIndex? Find(string field) => Array.Find(fields, f => f.Name == field);

    private static void Put(ConcurrentDictionary<string, ObjectTree> index, string value, KubeObject item) =>
        index[value] = index.GetValueOrDefault(value, ObjectTree.Empty).Put(item);

    private static void Remove(ConcurrentDictionary<string, ObjectTree> index, string value, KubeObject item)
    {
        if (index.TryGetValue(value, out var tree))
        {
            var rest = tree.Remove(item.Key.Namespace, item.Key.Name);
            if (rest.Count == 0)
            {
                index.TryRemove(value, out _);
            }
            else
            {
                index[value] = rest;
            }
        }
    }

    private sealed class FieldIndex(string name, Func<KubeObject, string?> read)
    {
        private readonly Dictionary<ObjectKey, string> known = [];

        public string Name => name;

        public ConcurrentDictionary<string, ObjectTree> Values { get; } = new(StringComparer.Ordinal);

        public void Replace(KubeObject? before, KubeObject? after)
        {
            var key = (after ?? before)!.Key;
            var value = after is null ? null : read(after);
            if (known.TryGetValue(key, out var old) && old != value)
            {
                Remove(Values, old, before ?? after!);
            }

            if (value is null)
            {
                known.Remove(key);
            }
            else
            {
                known[key] = value;
                Put(Values, value, after!);
            }
        }
    }
}
