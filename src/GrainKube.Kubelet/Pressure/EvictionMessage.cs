using System.Text;
using GrainKube.ApiMachinery.Quantities;
using k8s.Models;

namespace GrainKube.Kubelet.Pressure;

/// <summary>What people read of an eviction, in upstream's words (the space at the end is theirs).</summary>
internal static class EvictionMessage
{
    public const string Reason = "Evicted";

    /// <param name="threshold">The threshold that is acted upon.</param>
    /// <param name="figures">The machine's figures.</param>
    /// <param name="pod">The pod that goes.</param>
    public static string LowOn(Threshold threshold, MachineFigures figures, PodUse pod)
    {
        var resource = Signals.ResourceOf(threshold.Signal);
        var text = new StringBuilder($"The node was low on resource: {resource}. ");
        if (figures.Of(threshold.Signal) is { } stock)
        {
            text.Append($"Threshold quantity: {Show(threshold.Least.Of(stock.Capacity), resource)}, available: {Show(stock.Available, resource)}. ");
        }

        foreach (var use in pod.Containers)
        {
            var spec = pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).FirstOrDefault(c => c.Name == use.Name);
            var requested = spec?.Resources?.Requests is { } requests && requests.TryGetValue(resource, out var quantity) ? quantity : null;
            var used = resource switch
            {
                Signals.Memory => use.Memory,
                Signals.Storage => use.Written.Bytes + use.Log.Bytes,
                _ => 0,
            };
            if (spec is not null && used > (requested?.ToDecimal() ?? 0))
            {
                text.Append($"Container {use.Name} was using {Show(used, resource)}, request is {requested?.ToString() ?? "0"}, has larger consumption of {resource}. ");
            }
        }

        return text.ToString();
    }

    /// <summary>Why a pod is not taken while the node is short of something.</summary>
    public static string Condition(Pressures pressures) => $"The node had condition: [{string.Join(' ', Names(pressures))}]. ";

    public static string EmptyDirLimit(string volume, ResourceQuantity limit) => $"Usage of EmptyDir volume \"{volume}\" exceeds the limit \"{limit}\". ";

    public static string PodLimit(long bytes) => $"Pod ephemeral local storage usage exceeds the total limit of containers {Show(bytes, Signals.Storage)}. ";

    public static string ContainerLimit(string container, ResourceQuantity limit) => $"Container {container} exceeded its local ephemeral storage limit \"{limit}\". ";

    /// <summary>The types of the Node's conditions.</summary>
    public static IEnumerable<string> Names(Pressures pressures) =>
        from pressure in (Pressures[])[Pressures.Memory, Pressures.Disk, Pressures.Pid]
        where pressures.HasFlag(pressure)
        select pressure is Pressures.Pid ? "PIDPressure" : $"{pressure}Pressure";

    private static string Show(long amount, string resource) =>
        Quantity.FromUnits(amount, resource is Signals.Memory or Signals.Storage ? QuantityFormat.BinarySI : QuantityFormat.DecimalSI).ToString();
}
