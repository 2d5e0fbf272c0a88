namespace GrainKube.Security.Rbac;

/// <summary>Tells which of the rules that somebody wants to hand out he does not hold himself.</summary>
public static class RuleCoverage
{
    /// <summary>The parts of <paramref name="wanted"/> that no single rule of <paramref name="held"/> covers, folded for printing; empty where all is covered.</summary>
    public static IReadOnlyList<PolicyRule> Missing(IReadOnlyList<PolicyRule> held, IReadOnlyList<PolicyRule> wanted) =>
        Fold([.. wanted.SelectMany(Split).Where(part => !held.Any(rule => Covers(rule, part)))]);

    /// <summary>Cuts a rule into parts of one verb on one resource or path each.</summary>
    internal static IEnumerable<PolicyRule> Split(PolicyRule rule)
    {
        foreach (var group in rule.ApiGroups)
        {
            foreach (var resource in rule.Resources)
            {
                foreach (var verb in rule.Verbs)
                {
                    var part = new PolicyRule { ApiGroups = [group], Resources = [resource], Verbs = [verb] };
                    if (rule.ResourceNames.Count == 0)
                    {
                        yield return part;
                    }

                    foreach (var name in rule.ResourceNames)
                    {
                        yield return part with { ResourceNames = [name] };
                    }
                }
            }
        }

        foreach (var path in rule.NonResourceUrls)
        {
            foreach (var verb in rule.Verbs)
            {
                yield return new PolicyRule { NonResourceUrls = [path], Verbs = [verb] };
            }
        }
    }

    private static bool Covers(PolicyRule owner, PolicyRule part) =>
        HasAll(owner.Verbs, part.Verbs)
        && HasAll(owner.ApiGroups, part.ApiGroups)
        && part.Resources.All(resource => CoversResource(owner, resource))
        && part.NonResourceUrls.All(path => owner.NonResourceUrls.Any(rule => PolicyRule.PathCovers(rule, path)))
        && (owner.ResourceNames.Count == 0 || (part.ResourceNames.Count > 0 && part.ResourceNames.All(owner.ResourceNames.Contains)));

    private static bool CoversResource(PolicyRule owner, string resource)
    {
        if (PolicyRule.Has(owner.Resources, resource))
        {
            return true;
        }

        var slash = resource.IndexOf('/');
        return slash >= 0 && owner.Resources.Contains("*" + resource[slash..]);
    }

    private static bool HasAll(IReadOnlyList<string> owner, IReadOnlyList<string> wanted) => wanted.All(value => PolicyRule.Has(owner, value));

    /// <summary>Joins the verbs of parts that speak of the same thing; a path stays by itself, as upstream leaves it.</summary>
    private static List<PolicyRule> Fold(List<PolicyRule> parts)
    {
        Dictionary<(string Group, string Resource, string Name), int> places = [];
        List<PolicyRule> folded = [];
        foreach (var part in parts)
        {
            if (part.NonResourceUrls.Count > 0)
            {
                folded.Add(part);
                continue;
            }

            var key = (part.ApiGroups[0], part.Resources[0], part.ResourceNames.Count == 0 ? "" : part.ResourceNames[0]);
            if (!places.TryGetValue(key, out var at))
            {
                places.Add(key, folded.Count);
                folded.Add(part);
            }
            else if (!folded[at].Verbs.Contains(part.Verbs[0]))
            {
                folded[at] = folded[at] with { Verbs = [.. folded[at].Verbs, part.Verbs[0]] };
            }
        }

        return folded;
    }
}
