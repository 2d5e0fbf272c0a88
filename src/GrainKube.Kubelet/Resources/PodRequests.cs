using k8s.Models;

namespace GrainKube.Kubelet.Resources;

/// <summary>What a pod asks of its node: what it says as a whole, otherwise the larger of its containers' sum and its init containers' peaks.</summary>
internal static class PodRequests
{
    /// <returns>CPU in thousandths, the rest in units; <c>pods</c> is 1.</returns>
    public static IReadOnlyDictionary<string, long> Of(V1PodSpec spec)
    {
        var total = Sum(spec, resources => resources?.Requests);
        foreach (var (name, quantity) in spec.Overhead ?? new Dictionary<string, ResourceQuantity>())
        {
            total[name] = total.GetValueOrDefault(name) + Amount(name, quantity);
        }

        total["pods"] = 1;
        return total;
    }

    /// <summary>What its containers ask for together, whatever the pod says as a whole.</summary>
    public static IReadOnlyDictionary<string, long> OfContainers(V1PodSpec spec) => SumOfContainers(spec, resources => resources?.Requests);

    /// <returns>What its containers may have together: resources that the pod as a whole, or else one of them, limits.</returns>
    public static IReadOnlyDictionary<string, long> LimitsOf(V1PodSpec spec) => Sum(spec, resources => resources?.Limits);

    public static long Amount(string name, ResourceQuantity quantity) => (long)Math.Ceiling(quantity.ToDecimal() * (name == "cpu" ? 1000 : 1));

    private static Dictionary<string, long> Sum(V1PodSpec spec, Func<V1ResourceRequirements?, IDictionary<string, ResourceQuantity>?> amounts)
    {
        var total = SumOfContainers(spec, amounts);
        foreach (var (name, quantity) in amounts(spec.Resources) ?? new Dictionary<string, ResourceQuantity>())
        {
            total[name] = Amount(name, quantity);
        }

        return total;
    }

    private static Dictionary<string, long> SumOfContainers(V1PodSpec spec, Func<V1ResourceRequirements?, IDictionary<string, ResourceQuantity>?> amounts)
    {
        var total = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var container in spec.Containers)
        {
            Add(total, amounts(container.Resources));
        }

        var sidecars = new Dictionary<string, long>(StringComparer.Ordinal);
        var peak = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var container in spec.InitContainers ?? [])
        {
            if (container.RestartPolicy == "Always")
            {
                Add(total, amounts(container.Resources));
                Add(sidecars, amounts(container.Resources));
                Raise(peak, sidecars);
            }
            else
            {
                var here = new Dictionary<string, long>(sidecars, StringComparer.Ordinal);
                Add(here, amounts(container.Resources));
                Raise(peak, here);
            }
        }

        Raise(total, peak);
        return total;
    }

    private static void Add(Dictionary<string, long> total, IDictionary<string, ResourceQuantity>? amounts)
    {
        foreach (var (name, quantity) in amounts ?? new Dictionary<string, ResourceQuantity>())
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
