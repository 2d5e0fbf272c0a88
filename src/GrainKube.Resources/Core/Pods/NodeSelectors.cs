using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Which nodes a pod's <c>nodeSelector</c> and node affinity ask for.</summary>
public static class NodeSelectors
{
    /// <summary>Every label is there with its value.</summary>
    public static bool Matches(IEnumerable<KeyValuePair<string, string>> selector, IReadOnlyDictionary<string, string> labels) =>
        selector.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value);

    /// <summary>One of the terms matches.</summary>
    public static bool Matches(V1NodeSelector selector, string node, IReadOnlyDictionary<string, string> labels) =>
        selector.NodeSelectorTerms.Any(term => Matches(term, node, labels));

    /// <summary>Every expression and field matches; a term that asks for nothing matches nothing.</summary>
    public static bool Matches(V1NodeSelectorTerm term, string node, IReadOnlyDictionary<string, string> labels)
    {
        if (term.MatchExpressions is not { Count: > 0 } && term.MatchFields is not { Count: > 0 })
        {
            return false;
        }

        foreach (var requirement in term.MatchExpressions ?? [])
        {
            if (!Matches(requirement, labels.GetValueOrDefault(requirement.Key)))
            {
                return false;
            }
        }

        foreach (var requirement in term.MatchFields ?? [])
        {
            if (requirement.Key != "metadata.name" || !Matches(requirement, node))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Matches(V1NodeSelectorRequirement requirement, string? value) => requirement.OperatorProperty switch
    {
        "In" => value is not null && requirement.Values.Contains(value),
        "NotIn" => value is null || !requirement.Values.Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        "Gt" => long.TryParse(value, out var actual) && long.TryParse(requirement.Values[0], out var bound) && actual > bound,
        "Lt" => long.TryParse(value, out var actual) && long.TryParse(requirement.Values[0], out var bound) && actual < bound,
        _ => false,
    };
}
