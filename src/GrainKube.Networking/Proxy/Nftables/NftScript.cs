using System.Text;
using GrainKube.Networking.Proxy.Rules;

namespace GrainKube.Networking.Proxy.Nftables;

/// <summary>Changes of one table as <c>nft -f</c> reads them.</summary>
internal static class NftScript
{
    // nft takes long lines, but its complaints quote them whole.
    private const int ElementsPerLine = 200;

    public static void Write(StringBuilder script, string table, RuleChanges changes)
    {
        foreach (var (set, declaration) in changes.NewSets)
        {
            Line("add set", $"{set} {declaration}");
        }

        Lines("add chain", changes.NewChains);
        var made = changes.NewChains.ToHashSet(StringComparer.Ordinal);
        foreach (var (chain, rules) in changes.Filled)
        {
            if (!made.Contains(chain))
            {
                Line("flush chain", chain);
            }

            Lines("add rule", rules.Select(rule => $"{chain} {rule}"));
        }

        Elements("delete element", changes.DeletedElements, e => e.Element.Key);
        Elements("add element", changes.AddedElements, e => e.Value.Length > 0 ? $"{e.Element.Key} : {e.Value}" : e.Element.Key);
        Lines("flush chain", changes.DeletedChains);
        Lines("delete chain", changes.DeletedChains);
        Lines("delete set", changes.DeletedSets);

        void Elements(string verb, List<(RuleElement Element, string Value)> elements, Func<(RuleElement Element, string Value), string> text)
        {
            foreach (var set in elements.GroupBy(e => e.Element.Set, StringComparer.Ordinal))
            {
                Lines(verb, set.Chunk(ElementsPerLine).Select(some => $"{set.Key} {{ {string.Join(", ", some.Select(text))} }}"));
            }
        }

        void Lines(string verb, IEnumerable<string> all)
        {
            foreach (var what in all)
            {
                Line(verb, what);
            }
        }

        void Line(string verb, string what) => script.Append(verb).Append(" ip ").Append(table).Append(' ').Append(what).Append('\n');
    }
}
