using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for affinity to nodes and to other pods.</summary>
internal static class AffinityRules
{
    public static void Check(V1Affinity? affinity, FieldErrors errors)
    {
        if (affinity?.NodeAffinity is { } nodes)
        {
            Nodes(nodes, errors.At("nodeAffinity"));
        }

        if (affinity?.PodAffinity is { } pods)
        {
            Pods(pods.RequiredDuringSchedulingIgnoredDuringExecution, pods.PreferredDuringSchedulingIgnoredDuringExecution, errors.At("podAffinity"));
        }

        if (affinity?.PodAntiAffinity is { } anti)
        {
            Pods(anti.RequiredDuringSchedulingIgnoredDuringExecution, anti.PreferredDuringSchedulingIgnoredDuringExecution, errors.At("podAntiAffinity"));
        }
    }

    /// <summary>A required choice of nodes.</summary>
    public static void NodeSelector(V1NodeSelector selector, FieldErrors errors)
    {
        var terms = selector.NodeSelectorTerms;
        var place = errors.At("nodeSelectorTerms");
        if (terms is not { Count: > 0 })
        {
            place.Required("must have at least one node selector term");
            return;
        }

        for (var i = 0; i < terms.Count; i++)
        {
            Term(terms[i], checkValues: true, place.At(i));
        }
    }

    private static void Nodes(V1NodeAffinity affinity, FieldErrors errors)
    {
        if (affinity.RequiredDuringSchedulingIgnoredDuringExecution is { } required)
        {
            NodeSelector(required, errors.At("requiredDuringSchedulingIgnoredDuringExecution"));
        }

        var preferred = affinity.PreferredDuringSchedulingIgnoredDuringExecution;
        for (var i = 0; i < preferred?.Count; i++)
        {
            var place = errors.At("preferredDuringSchedulingIgnoredDuringExecution").At(i);
            Weight(preferred[i].Weight, place.At("weight"));

            // Upstream lets values pass here: such a term may still help with one node.
            Term(preferred[i].Preference, checkValues: false, place.At("preference"));
        }
    }

    private static void Term(V1NodeSelectorTerm? term, bool checkValues, FieldErrors errors)
    {
        for (var i = 0; i < term?.MatchExpressions?.Count; i++)
        {
            Expression(term.MatchExpressions[i], checkValues, errors.At("matchExpressions").At(i));
        }

        for (var i = 0; i < term?.MatchFields?.Count; i++)
        {
            Field(term.MatchFields[i], errors.At("matchFields").At(i));
        }
    }

    private static void Expression(V1NodeSelectorRequirement term, bool checkValues, FieldErrors errors)
    {
        var count = term.Values?.Count ?? 0;
        switch (term.OperatorProperty)
        {
            case "In" or "NotIn" when count == 0:
                errors.At("values").Required("must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist" when count > 0:
                errors.At("values").Forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "Gt" or "Lt" when count != 1:
                errors.At("values").Required("must be specified single value when `operator` is 'Lt' or 'Gt'");
                break;
            case "In" or "NotIn" or "Exists" or "DoesNotExist" or "Gt" or "Lt":
                break;
            default:
                errors.At("operator").Invalid(term.OperatorProperty ?? "", "not a valid selector operator");
                break;
        }

        LabelRules.Key(term.Key ?? "", errors.At("key"));
        for (var i = 0; checkValues && i < count; i++)
        {
            errors.At("values").At(i).Report(term.Values![i], NameRules.LabelValue(term.Values[i]));
        }
    }

    private static void Field(V1NodeSelectorRequirement term, FieldErrors errors)
    {
        if (term.OperatorProperty is not ("In" or "NotIn"))
        {
            errors.At("operator").Invalid(term.OperatorProperty ?? "", "not a valid selector operator");
        }
        else if (term.Values?.Count != 1)
        {
            errors.At("values").Required("must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }

        if (term.Key != "metadata.name")
        {
            errors.At("key").Invalid(term.Key ?? "", "not a valid field selector key");
            return;
        }

        for (var i = 0; i < term.Values?.Count; i++)
        {
            errors.At("values").At(i).Report(term.Values[i], NameRules.DnsSubdomain(term.Values[i]));
        }
    }

    private static void Pods(IList<V1PodAffinityTerm>? required, IList<V1WeightedPodAffinityTerm>? preferred, FieldErrors errors)
    {
        for (var i = 0; i < required?.Count; i++)
        {
            PodTerm(required[i], errors.At("requiredDuringSchedulingIgnoredDuringExecution").At(i));
        }

        for (var i = 0; i < preferred?.Count; i++)
        {
            var place = errors.At("preferredDuringSchedulingIgnoredDuringExecution").At(i);
            Weight(preferred[i].Weight, place.At("weight"));
            PodTerm(preferred[i].PodAffinityTerm ?? new V1PodAffinityTerm(), place.At("podAffinityTerm"));
        }
    }

    private static void PodTerm(V1PodAffinityTerm term, FieldErrors errors)
    {
        LabelSelectorRules.Check(term.LabelSelector, errors.At("labelSelector"));
        LabelSelectorRules.Check(term.NamespaceSelector, errors.At("namespaceSelector"));
        foreach (var name in term.Namespaces ?? [])
        {
            errors.At("namespace").Report(name, NameRules.DnsLabel(name));
        }

        LabelKeys(term, errors);
        errors.At("topologyKey").MustBeSet(term.TopologyKey, "can not be empty");
        LabelRules.Key(term.TopologyKey ?? "", errors.At("topologyKey"));
    }

    private static void LabelKeys(V1PodAffinityTerm term, FieldErrors errors)
    {
        Keys(term.MatchLabelKeys, "matchLabelKeys");
        Keys(term.MismatchLabelKeys, "mismatchLabelKeys");
        for (var i = 0; i < term.MatchLabelKeys?.Count; i++)
        {
            if (term.MismatchLabelKeys?.Contains(term.MatchLabelKeys[i]) == true)
            {
                errors.At("matchLabelKeys").At(i).Invalid(term.MatchLabelKeys[i], "exists in both matchLabelKeys and mismatchLabelKeys");
            }
        }

        void Keys(IList<string>? keys, string field)
        {
            if (keys is { Count: > 0 } && term.LabelSelector is null)
            {
                errors.At(field).Forbidden("must not be specified when labelSelector is not set");
                return;
            }

            for (var i = 0; i < keys?.Count; i++)
            {
                LabelRules.Key(keys[i], errors.At(field).At(i));
            }
        }
    }

    private static void Weight(int weight, FieldErrors errors)
    {
        if (weight is < 1 or > 100)
        {
            errors.Invalid(weight, "must be in the range 1-100");
        }
    }
}
