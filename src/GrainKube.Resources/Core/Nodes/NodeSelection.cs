using k8s.Models;

namespace GrainKube.Resources.Core.Nodes;

/// <summary>Whether a node is among those that a node selector means. Pure.</summary>
public static class NodeSelection
{
    /// <summary>True where one of the terms holds.</summary>
    public static bool Matches(V1NodeSelector selector, string name, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var term in selector.NodeSelectorTerms)
        {
            if (Matches(term, name, labels))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where all of the term's requirements hold. A term that asks for nothing matches nothing.</summary>
    public static bool Matches(V1NodeSelectorTerm term, string name, IReadOnlyDictionary<string, string> labels)
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
            if (requirement.Key != "metadata.name" || !Matches(requirement, name))
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
