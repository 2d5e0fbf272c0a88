using k8s.Models;

namespace GrainKube.Kubelet.Resources;

/// <summary>What a pod asks of its node: the larger of its containers' sum and its init containers' peaks.</summary>
internal static class PodRequests
{
    /// <returns>CPU in thousandths, the rest in units; <c>pods</c> is 1.</returns>
    public static IReadOnlyDictionary<string, long> Of(V1PodSpec spec)
    {
        var total = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var container in spec.Containers)
        {
            Add(total, container);
        }

        var sidecars = new Dictionary<string, long>(StringComparer.Ordinal);
        var peak = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var container in spec.InitContainers ?? [])
        {
            if (container.RestartPolicy == "Always")
            {
                Add(total, container);
                Add(sidecars, container);
                Raise(peak, sidecars);
            }
            else
            {
                var here = new Dictionary<string, long>(sidecars, StringComparer.Ordinal);
                Add(here, container);
                Raise(peak, here);
            }
        }

        Raise(total, peak);
        foreach (var (name, quantity) in spec.Overhead ?? new Dictionary<string, ResourceQuantity>())
        {
            total[name] = total.GetValueOrDefault(name) + Amount(name, quantity);
        }

        total["pods"] = 1;
        return total;
    }

    public static long Amount(string name, ResourceQuantity quantity) => (long)Math.Ceiling(quantity.ToDecimal() * (name == "cpu" ? 1000 : 1));

    private static void Add(Dictionary<string, long> total, V1Container container)
    {
        foreach (var (name, quantity) in container.Resources?.Requests ?? new Dictionary<string, ResourceQuantity>())
        {
            total[name] = total.GetValueOrDefault(name) + Amount(name, quantity);
        }
    }

    private static void Raise(Dictionary<string, long> total, Dictionary<string, long> least)
    {
        foreach (var (name, amount) in least)
        {
            total[name] = Math.Max(total.GetValueOrDefault(name), amount);
        }
    }
}
