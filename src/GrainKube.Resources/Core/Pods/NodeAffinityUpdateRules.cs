using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.Core.Pods;

/// <summary>What no scheduler has looked at yet may still be narrowed: fewer nodes, never others.</summary>
internal static class NodeAffinityUpdateRules
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";

    /// <param name="next">The node affinity asked for; null for none.</param>
    /// <param name="current">The one that is there.</param>
    /// <param name="errors">The place of the node affinity.</param>
    public static void Check(JsonObject? next, JsonObject? current, FieldErrors errors)
    {
        // Where nothing was required, anything may be.
        if (current.Object(Required) is not { } before)
        {
            return;
        }

        var place = errors.At(Required);
        var (terms, old) = (next.Object(Required).Objects("nodeSelectorTerms").ToList(), before.Objects("nodeSelectorTerms").ToList());
        if (terms.Count != old.Count && old.Count > 0)
        {
            place.At("nodeSelectorTerms").Invalid(next.Object(Required)?["nodeSelectorTerms"], "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
            return;
        }

        for (var i = 0; i < old.Count; i++)
        {
            // A term without expressions matches nothing, and may not begin to match.
            var isEmpty = !old[i].Objects("matchExpressions").Any() && !old[i].Objects("matchFields").Any();
            if (!IsNarrowed(terms[i], old[i], "matchExpressions") || !IsNarrowed(terms[i], old[i], "matchFields") || (isEmpty && !JsonNode.DeepEquals(terms[i], old[i])))
            {
                place.At("nodeSelectorTerms").At(i).Invalid(terms[i], "only additions are allowed (no mutations or deletions)");
            }
        }
    }

    private static bool IsNarrowed(JsonObject next, JsonObject current, string list)
    {
        var (now, old) = (next.Objects(list).ToList(), current.Objects(list).ToList());
        return now.Count >= old.Count && old.Select((term, i) => JsonNode.DeepEquals(term, now[i])).All(same => same);
    }
}
