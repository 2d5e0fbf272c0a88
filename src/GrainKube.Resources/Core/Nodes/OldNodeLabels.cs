using k8s.Models;

namespace GrainKube.Resources.Core.Nodes;

/// <summary>Labels of nodes that others have taken the place of: whoever selects by them is warned, because new nodes may lack them.</summary>
internal static class OldNodeLabels
{
    private static readonly Dictionary<string, string> Messages = new(StringComparer.Ordinal)
    {
        ["beta.kubernetes.io/arch"] = "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
        ["beta.kubernetes.io/os"] = "deprecated since v1.14; use \"kubernetes.io/os\" instead",
        ["failure-domain.beta.kubernetes.io/region"] = "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
        ["failure-domain.beta.kubernetes.io/zone"] = "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
        ["beta.kubernetes.io/instance-type"] = "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
        ["app.kubernetes.io/created-by"] = "deprecated since v1.9",
        ["scheduler.alpha.kubernetes.io/preferAvoidPods"] = "deprecated since v1.22; use Taints and Tolerations instead",
        ["node-role.kubernetes.io/master"] = "use \"node-role.kubernetes.io/control-plane\" instead",
    };

    /// <summary>What is said of the label; null of one that is in use.</summary>
    public static string? Message(string? key) => Messages.GetValueOrDefault(key ?? "");

    public static void Terms(IList<V1NodeSelectorTerm>? terms, string path, IList<string> warnings)
    {
        for (var i = 0; i < terms?.Count; i++)
        {
            Expressions(terms[i].MatchExpressions, $"{path}[{i}]", warnings);
        }
    }

    public static void Expressions(IList<V1NodeSelectorRequirement>? expressions, string path, IList<string> warnings)
    {
        for (var i = 0; i < expressions?.Count; i++)
        {
            Expression(expressions[i].Key, i, path, warnings);
        }
    }

    /// <summary>A selector of labels that is meant for nodes, as of a storage capacity's topology.</summary>
    public static void Selector(V1LabelSelector? selector, string path, IList<string> warnings)
    {
        for (var i = 0; i < selector?.MatchExpressions?.Count; i++)
        {
            Expression(selector.MatchExpressions[i].Key, i, path, warnings);
        }

        foreach (var key in selector?.MatchLabels?.Keys ?? [])
        {
            if (Message(key) is { } message)
            {
                warnings.Add($"{path}.matchLabels.{key}: {message}");
            }
        }
    }

    private static void Expression(string? key, int at, string path, IList<string> warnings)
    {
        if (Message(key) is { } message)
        {
            warnings.Add($"{path}.matchExpressions[{at}].key: {key} is {message}");
        }
    }
}
