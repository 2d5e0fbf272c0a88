using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for what a pod as a whole asks for, against what its containers do.</summary>
internal static class PodResourceRules
{
    public static void Check(V1PodSpec spec, FieldErrors errors)
    {
        if (spec.Resources is not { } whole)
        {
            return;
        }

        ResourceRules.Pod(whole, errors);
        foreach (var (name, sum) in PodRequests.OfContainers(JsonNode.Parse(KubernetesJson.Serialize(spec))!.AsObject()))
        {
            // What the pod cannot ask for as a whole stays its containers' business.
            if ((name is "cpu" or "memory" || ResourceNameRules.IsHugePages(name)) && sum > Of(whole.Requests, name))
            {
                errors.At("requests").Key(name).Invalid(
                    Of(whole.Requests, name).ToString(), $"must be greater than or equal to aggregate container requests of {sum}");
            }
        }

        for (var i = 0; i < spec.Containers?.Count; i++)
        {
            foreach (var (name, amount) in spec.Containers[i].Resources?.Limits ?? new Dictionary<string, ResourceQuantity>())
            {
                var limit = amount.ToQuantity();
                if (whole.Limits?.ContainsKey(name) == true && limit > Of(whole.Limits, name))
                {
                    errors.At("containers").At(i).Key(name).At("limits").Invalid(limit.ToString(), $"must be less than or equal to pod limits of {Of(whole.Limits, name)}");
                }
            }
        }
    }

    private static Quantity Of(IDictionary<string, ResourceQuantity>? amounts, string name) =>
        amounts is not null && amounts.TryGetValue(name, out var amount) ? amount.ToQuantity() : Quantity.Zero;
}
