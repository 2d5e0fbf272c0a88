using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Quantities;

namespace GrainKube.Resources.Core.Pods;

/// <summary><c>status.qosClass</c>: decided once, from the cpu and memory that the containers ask for.</summary>
internal static class QualityOfService
{
    private static readonly string[] Counted = ["cpu", "memory"];

    public static string Of(JsonObject spec)
    {
        if (spec.Object("resources") is { } whole && (HasAny(whole, "requests") || HasAny(whole, "limits")))
        {
            return IsGuaranteed(whole) ? "Guaranteed" : "Burstable";
        }

        var containers = spec.Objects("containers").Concat(spec.Objects("initContainers")).Select(c => c.Object("resources") ?? []).ToList();
        if (!containers.Any(c => HasAny(c, "requests") || HasAny(c, "limits")))
        {
            return "BestEffort";
        }

        return containers.All(IsGuaranteed) ? "Guaranteed" : "Burstable";
    }

    private static bool HasAny(JsonObject resources, string list) => Counted.Any(name => Amount(resources, list, name) is { Sign: > 0 });

    /// <summary>Both are limited, and what is requested is the limit.</summary>
    private static bool IsGuaranteed(JsonObject resources) => Counted.All(name =>
        Amount(resources, "limits", name) is { Sign: > 0 } limit && (Amount(resources, "requests", name) ?? limit) == limit);

    private static Quantity? Amount(JsonObject resources, string list, string name) =>
        Quantity.TryParse(resources.Object(list).Text(name), out var amount, out _) ? amount : null;
}
