using CsCheck;
using GrainKube.Networking.Proxy.Rules;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Tests.Proxy.Rules;

public sealed class RuleLedgerTests
{
    private static readonly Gen<RulePart> Part = Gen.Select(
        Gen.Int[0, 3].List[0, 3], Gen.Int[0, 3].List[0, 3], Gen.Int[0, 4].List[0, 3], Gen.Int[0, 2], (chains, sets, elements, variant) => (chains, sets, elements, variant))
        .Select(t =>
        {
            var part = new RulePart();
            t.chains.ForEach(c => part.Chains[$"c{c}"] = [$"rule {t.variant}"]);
            t.sets.ForEach(s => part.Sets[$"s{s}"] = "{ }");
            t.elements.ForEach(e => part.Elements[new RuleElement("map", $"k{e}")] = $"v{t.variant}");
            return part;
        });

    /// <summary>A machine that does what it is told and complains of what a kernel would complain of, ends as one that is told everything at once.</summary>
    [Fact]
    public void Changes_one_after_the_other_end_as_everything_at_once() => Gen.Select(Gen.Int[0, 3], Part).Array[1, 12].Sample(steps =>
    {
        var (ledger, machine, wanted) = (new RuleLedger(), new Machine(), new Dictionary<int, RulePart>());
        foreach (var batch in steps.Chunk(2))
        {
            foreach (var (service, part) in batch)
            {
                wanted[service] = part;
            }

            machine.Apply(ledger.Update(batch.DistinctBy(s => s.Item1).Select(s => Named(s.Item1, wanted[s.Item1]))));
        }

        var fresh = new Machine();
        fresh.Apply(new RuleLedger().Update(wanted.Select(w => Named(w.Key, w.Value))));
        Assert.Equal(fresh.ToString(), machine.ToString());
    });

    [Fact]
    public void What_stays_as_it_is_changes_nothing()
    {
        var (ledger, part) = (new RuleLedger(), new RulePart());
        part.Chains["c"] = ["rule"];
        part.Elements[new RuleElement("map", "k")] = "goto c";
        Assert.False(ledger.Update([(new ServiceName("n", "a"), part)]).IsEmpty);
        Assert.True(ledger.Update([(new ServiceName("n", "a"), part)]).IsEmpty);
        Assert.False(ledger.Update([(new ServiceName("n", "a"), RulePart.None)]).IsEmpty);
        Assert.True(ledger.Update([(new ServiceName("n", "a"), RulePart.None)]).IsEmpty);
    }

    // Chains and sets are a service's own.
    private static (ServiceName Service, RulePart Part) Named(int service, RulePart part)
    {
        var named = new RulePart();
        foreach (var (chain, rules) in part.Chains)
        {
            named.Chains[$"{service}-{chain}"] = rules;
        }

        foreach (var (set, declaration) in part.Sets)
        {
            named.Sets[$"{service}-{set}"] = declaration;
        }

        foreach (var (element, value) in part.Elements)
        {
            named.Elements[element] = $"{service}-{value}";
        }

        return (new ServiceName("n", $"s{service}"), named);
    }

    private sealed class Machine
    {
        private readonly SortedDictionary<string, string> chains = new(StringComparer.Ordinal);
        private readonly SortedSet<string> sets = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, string> elements = new(StringComparer.Ordinal);

        public void Apply(RuleChanges changes)
        {
            changes.NewSets.ForEach(s => Assert.True(sets.Add(s.Set)));
            changes.NewChains.ForEach(c => chains.Add(c, ""));
            foreach (var (chain, rules) in changes.Filled)
            {
                Assert.True(chains.ContainsKey(chain));
                chains[chain] = string.Join(';', rules);
            }

            changes.DeletedElements.ForEach(e =>
            {
                Assert.Equal(e.Value, elements[e.Element.Key]);
                elements.Remove(e.Element.Key);
            });
            changes.AddedElements.ForEach(e => elements.Add(e.Element.Key, e.Value));
            changes.DeletedChains.ForEach(c => Assert.True(chains.Remove(c)));
            changes.DeletedSets.ForEach(s => Assert.True(sets.Remove(s)));
        }

        public override string ToString() => string.Join('\n', chains.Select(c => $"{c.Key}: {c.Value}").Concat(sets).Concat(elements.Select(e => $"{e.Key} -> {e.Value}")));
    }
}
