using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for spreading pods over topologies.</summary>
internal static class TopologySpreadRules
{
    private static readonly string[] Policies = ["Honor", "Ignore"];

    public static void Check(IList<V1TopologySpreadConstraint>? constraints, FieldErrors errors)
    {
        for (var i = 0; i < constraints?.Count; i++)
        {
            var constraint = constraints[i];
            var place = errors.At(i);
            if (constraint.MaxSkew <= 0)
            {
                place.At("maxSkew").Invalid(constraint.MaxSkew, "must be greater than zero");
            }

            place.At("topologyKey").MustBeSet(constraint.TopologyKey, "can not be empty");
            place.At("whenUnsatisfiable").OneOf(constraint.WhenUnsatisfiable ?? "", "DoNotSchedule", "ScheduleAnyway");
            if (constraints.Skip(i + 1).Any(c => c.TopologyKey == constraint.TopologyKey && c.WhenUnsatisfiable == constraint.WhenUnsatisfiable))
            {
                place.At("{topologyKey, whenUnsatisfiable}").Duplicate($"{{{constraint.TopologyKey}, {constraint.WhenUnsatisfiable}}}");
            }

            MinimumDomains(constraint, place.At("minDomains"));
            place.At("nodeAffinityPolicy").OneOf(constraint.NodeAffinityPolicy, Policies);
            place.At("nodeTaintsPolicy").OneOf(constraint.NodeTaintsPolicy, Policies);
            LabelKeys(constraint, place.At("matchLabelKeys"));
            LabelSelectorRules.Check(constraint.LabelSelector, place.At("labelSelector"));
        }
    }

    private static void MinimumDomains(V1TopologySpreadConstraint constraint, FieldErrors errors)
    {
        if (constraint.MinDomains is not { } domains)
        {
            return;
        }

        if (domains <= 0)
        {
            errors.Invalid(domains, "must be greater than zero");
        }

        if (constraint.WhenUnsatisfiable != "DoNotSchedule")
        {
            errors.Invalid(domains, $"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {constraint.WhenUnsatisfiable}");
        }
    }

    private static void LabelKeys(V1TopologySpreadConstraint constraint, FieldErrors errors)
    {
        if (constraint.MatchLabelKeys is not { Count: > 0 } keys)
        {
            return;
        }

        var selector = constraint.LabelSelector;
        if (selector is null)
        {
            errors.Forbidden("must not be specified when labelSelector is not set");
        }

        for (var i = 0; i < keys.Count; i++)
        {
            LabelRules.Key(keys[i], errors.At(i));
            if (selector?.MatchLabels?.ContainsKey(keys[i]) == true || selector?.MatchExpressions?.Where(e => e.Key == keys[i]).ToList() is { Count: > 0 } own && !IsMerged(own))
            {
                errors.At(i).Invalid(keys[i], "exists in both matchLabelKeys and labelSelector");
            }
        }
    }

    /// <summary>What became part of the selector when the pod was made says no more than the key.</summary>
    private static bool IsMerged(List<V1LabelSelectorRequirement> expressions) => expressions is [{ OperatorProperty: "In", Values.Count: 1 }];
}
