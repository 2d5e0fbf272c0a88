using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Proxy.Rules;

/// <summary>Which rules are in force, and for which service; turns changes of services into the smallest change of rules. No I/O.</summary>
/// <remarks>Two services may claim one address and port (external addresses are not allocated): the first by name has it, the other gets it when the first is gone.</remarks>
internal sealed class RuleLedger
{
    private readonly Dictionary<ServiceName, RulePart> parts = [];
    private readonly Dictionary<RuleElement, SortedList<string, string>> claims = [];

    /// <summary>Forgets everything: the rules were removed, or it is not known what they are.</summary>
    public void Clear()
    {
        parts.Clear();
        claims.Clear();
    }

    /// <summary>Takes in what these services are to be from now on.</summary>
    public RuleChanges Update(IEnumerable<(ServiceName Service, RulePart Part)> changed)
    {
        var changes = new RuleChanges();
        var touched = new Dictionary<RuleElement, string?>();
        foreach (var (service, part) in changed)
        {
            var before = parts.GetValueOrDefault(service) ?? RulePart.None;
            Compare(before, part, changes);
            Claim(service.ToString(), before, part, touched);
            if (part.Chains.Count + part.Sets.Count + part.Elements.Count == 0)
            {
                parts.Remove(service);
            }
            else
            {
                parts[service] = part;
            }
        }

        foreach (var (element, was) in touched)
        {
            var now = Effective(element);
            if (was == now)
            {
                continue;
            }

            if (was is not null)
            {
                changes.DeletedElements.Add((element, was));
            }

            if (now is not null)
            {
                changes.AddedElements.Add((element, now));
            }
        }

        return changes;
    }

    private static void Compare(RulePart before, RulePart after, RuleChanges changes)
    {
        changes.NewSets.AddRange(after.Sets.Where(s => !before.Sets.ContainsKey(s.Key)).Select(s => (s.Key, s.Value)));
        changes.DeletedSets.AddRange(before.Sets.Keys.Where(s => !after.Sets.ContainsKey(s)));
        changes.DeletedChains.AddRange(before.Chains.Keys.Where(c => !after.Chains.ContainsKey(c)));
        foreach (var (chain, rules) in after.Chains)
        {
            var isKnown = before.Chains.TryGetValue(chain, out var known);
            if (!isKnown)
            {
                changes.NewChains.Add(chain);
            }

            if (!isKnown || !known!.SequenceEqual(rules, StringComparer.Ordinal))
            {
                changes.Filled.Add((chain, rules));
            }
        }
    }

    // Remembers of each element whose claims change what it was before all changes.
    private void Claim(string owner, RulePart before, RulePart after, Dictionary<RuleElement, string?> touched)
    {
        foreach (var element in before.Elements.Keys.Union(after.Elements.Keys))
        {
            touched.TryAdd(element, Effective(element));
            if (!claims.TryGetValue(element, out var owners))
            {
                claims[element] = owners = new SortedList<string, string>(StringComparer.Ordinal);
            }

            owners.Remove(owner);
            if (after.Elements.TryGetValue(element, out var value))
            {
                owners.Add(owner, value);
            }

            if (owners.Count == 0)
            {
                claims.Remove(element);
            }
        }
    }

    private string? Effective(RuleElement element) => claims.TryGetValue(element, out var owners) ? owners.Values[0] : null;
}
