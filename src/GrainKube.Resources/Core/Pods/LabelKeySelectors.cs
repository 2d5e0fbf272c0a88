using System.Text.Json.Nodes;

namespace GrainKube.Resources.Core.Pods;

/// <summary><c>matchLabelKeys</c> and <c>mismatchLabelKeys</c> stand for the pod's own values of those labels: as a pod is made, they become part of the selector beside them.</summary>
internal static class LabelKeySelectors
{
    public static void Merge(JsonObject pod)
    {
        var labels = pod.Object("metadata").Object("labels");
        var spec = pod.Object("spec");
        foreach (var constraint in spec.Objects("topologySpreadConstraints"))
        {
            Merge(constraint, labels);
        }

        foreach (var kind in (ReadOnlySpan<string>)["podAffinity", "podAntiAffinity"])
        {
            var affinity = spec.Object("affinity").Object(kind);
            foreach (var term in affinity.Objects("requiredDuringSchedulingIgnoredDuringExecution"))
            {
                Merge(term, labels);
            }

            foreach (var weighted in affinity.Objects("preferredDuringSchedulingIgnoredDuringExecution"))
            {
                if (weighted.Object("podAffinityTerm") is { } term)
                {
                    Merge(term, labels);
                }
            }
        }
    }

    private static void Merge(JsonObject term, JsonObject? labels)
    {
        // Keys without a selector are refused by validation.
        if (term.Object("labelSelector") is { } selector)
        {
            Add(selector, term["matchLabelKeys"] as JsonArray, "In", labels);
            Add(selector, term["mismatchLabelKeys"] as JsonArray, "NotIn", labels);
        }
    }

    private static void Add(JsonObject selector, JsonArray? keys, string operation, JsonObject? labels)
    {
        foreach (var key in (keys ?? []).OfType<JsonValue>().Select(k => k.GetValue<string>()))
        {
            if (labels?[key] is not { } value)
            {
                continue;
            }

            if (selector["matchExpressions"] is not JsonArray expressions)
            {
                selector["matchExpressions"] = expressions = [];
            }

            expressions.Add(new JsonObject { ["key"] = key, ["operator"] = operation, ["values"] = new JsonArray(value.DeepClone()) });
        }
    }
}
