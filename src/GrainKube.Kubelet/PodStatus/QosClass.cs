using k8s.Models;

namespace GrainKube.Kubelet.PodStatus;

/// <summary>The pod's quality of service, from its requests and limits of CPU and memory.</summary>
internal static class QosClass
{
    private static readonly string[] Counted = ["cpu", "memory"];

    public static string Of(V1PodSpec spec)
    {
        var guaranteed = true;
        var any = false;
        foreach (var container in spec.Containers.Concat(spec.InitContainers ?? []))
        {
            foreach (var name in Counted)
            {
                var request = Amount(container.Resources?.Requests, name);
                var limit = Amount(container.Resources?.Limits, name);
                any |= request > 0 || limit > 0;
                guaranteed &= limit > 0 && (request == 0 || request == limit);
            }
        }

        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    private static decimal Amount(IDictionary<string, ResourceQuantity>? amounts, string name) =>
        amounts is not null && amounts.TryGetValue(name, out var quantity) ? quantity.ToDecimal() : 0;
}
