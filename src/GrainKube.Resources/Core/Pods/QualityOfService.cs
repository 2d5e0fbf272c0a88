using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Quantities;

namespace GrainKube.Resources.Core.Pods;

/// <summary><c>status.qosClass</c>: decided once, from the cpu and memory that the containers ask for.</summary>
internal static class QualityOfService
{
    private static readonly string[] Lists = ["containers", "initContainers"];

    public static string Of(JsonObject spec)
    {
        if (spec.Object("resources") is { } whole && (HasAny(whole, "requests") || HasAny(whole, "limits")))
        {
            return IsGuaranteed(whole) ? "Guaranteed" : "Burstable";
        }

        var (asks, guaranteed) = (false, true);
        foreach (var list in Lists)
        {
            foreach (var container in spec.Objects(list))
            {
                var resources = container.Object("resources");
                asks |= HasAny(resources, "requests") || HasAny(resources, "limits");
                guaranteed &= IsGuaranteed(resources);
            }
        }

        return !asks ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    private static bool HasAny(JsonObject? resources, string list) =>
        Amount(resources, list, "cpu") is { Sign: > 0 } || Amount(resources, list, "memory") is { Sign: > 0 };

    private static bool IsGuaranteed(JsonObject? resources) => IsGuaranteed(resources, "cpu") && IsGuaranteed(resources, "memory");

    /// <summary>It is limited, and what is requested is the limit.</summary>
    private static bool IsGuaranteed(JsonObject? resources, string name) =>
        Amount(resources, "limits", name) is { Sign: > 0 } limit && (Amount(resources, "requests", name) ?? limit) == limit;

    private static Quantity? Amount(JsonObject? resources, string list, string name) =>
        Quantity.TryParse(resources.Object(list).Text(name), out var amount, out _) ? amount : null;
}
