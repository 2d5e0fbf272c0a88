using CsCheck;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using Xunit;

namespace GrainKube.Objects.Tests.Cache;

public sealed class ObjectTreeTests
{
    private static readonly Gen<ObjectKey> Keys = Gen.Select(Gen.Int[0, 4].Select(i => new[] { "a", "a-b", "ab", "b", "" }[i]), Gen.Int[0, 300]).Select((ns, n) => new ObjectKey("", "things", ns, $"n{n}"));

    [Fact]
    public void A_tree_is_a_sorted_dictionary_whatever_is_done_to_it() => Gen.Select(Keys, Gen.Int[0, 3]).List[0, 1500].Sample(
        steps =>
        {
            var tree = ObjectTree.Empty;
            var model = new SortedDictionary<string, KubeObject>(StringComparer.Ordinal);
            var revision = 0L;
            foreach (var (key, what) in steps)
            {
                if (what == 0)
                {
                    tree = tree.Remove(key.Namespace, key.Name);
                    model.Remove(Sortable(key));
                }
                else
                {
                    var item = Thing(key, ++revision);
                    tree = tree.Put(item);
                    model[Sortable(key)] = item;
                }
            }

            Assert.Equal(model.Count, tree.Count);
            Assert.Equal(model.Values, tree.All());
            Assert.Equal(model.Values, ObjectTree.FromSorted([.. model.Values]).All());
            foreach (var (key, _) in steps.Take(20))
            {
                Assert.Same(model.GetValueOrDefault(Sortable(key)), tree.Find(key.Namespace, key.Name));
                Assert.Equal(
                    model.Where(p => string.CompareOrdinal(p.Key, Sortable(key)) > 0 && p.Value.Key.Namespace == key.Namespace).Select(p => p.Value),
                    tree.After(key.Namespace, key.Name, key.Namespace).Where(o => o.Key.Namespace == key.Namespace));
            }

            Assert.Equal(model.Values.Where(o => o.Key.Namespace == "a"), tree.In("a"));
            Assert.Equal(model.Values.Where(o => o.Key.Namespace == "ab"), tree.After("a", "zzz", "ab"));
        },
        iter: 200);

    [Fact]
    public void An_old_tree_does_not_change()
    {
        var key = new ObjectKey("", "things", "a", "n1");
        var old = ObjectTree.Empty.Put(Thing(key, 1));
        _ = old.Put(Thing(key, 2)).Remove("a", "n1");
        Assert.Equal(1, old.Find("a", "n1")!.Revision);
    }

    /// <summary>As the store orders: with the slash after the namespace.</summary>
    private static string Sortable(ObjectKey key) => $"{key.Namespace}/{key.Name}";

    private static KubeObject Thing(ObjectKey key, long revision) =>
        new(key, new ObjectHeader { ApiVersion = "v1", Kind = "Thing", Name = key.Name, Namespace = key.Namespace, Uid = "u", Revision = revision }, ReadOnlyMemory<byte>.Empty);
}
