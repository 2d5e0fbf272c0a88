using k8s.Models;

namespace GrainKube.Kubelet.PodStatus;

/// <summary>The pod's quality of service, from its requests and limits of CPU and memory: those of the pod as a whole where it has some, otherwise its containers'.</summary>
internal static class QosClass
{
    private static readonly string[] Counted = ["cpu", "memory"];

    /// <summary>0 for who is served first.</summary>
    public static int RankOf(V1PodSpec spec) => Array.IndexOf(["Guaranteed", "Burstable", "BestEffort"], Of(spec));

    public static string Of(V1PodSpec spec)
    {
        var whole = Of([spec.Resources]);
        return whole != "BestEffort" ? whole : Of(spec.Containers.Concat(spec.InitContainers ?? []).Select(container => container.Resources));
    }

    private static string Of(IEnumerable<V1ResourceRequirements?> all)
    {
        var guaranteed = true;
        var any = false;
        foreach (var resources in all)
        {
            foreach (var name in Counted)
            {
                var request = Amount(resources?.Requests, name);
                var limit = Amount(resources?.Limits, name);
                any |= request > 0 || limit > 0;
                guaranteed &= limit > 0 && (request == 0 || request == limit);
            }
        }

        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    private static decimal Amount(IDictionary<string, ResourceQuantity>? amounts, string name) =>
        amounts is not null && amounts.TryGetValue(name, out var quantity) ? quantity.ToDecimal() : 0;
}
