using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.ResourceQuotas;

internal sealed class ResourceQuotaColumns : KindColumns<V1ResourceQuota>
{
    public ResourceQuotaColumns()
    {
        Name();
        Text("Request", item => Usage(item, limits: false), "What may be asked for, and what is.");
        Text("Limit", item => Usage(item, limits: true), "What may be used at most, and what is.");
        Age();
    }

    private static string Usage(V1ResourceQuota item, bool limits)
    {
        var used = item.Status?.Used ?? new Dictionary<string, ResourceQuantity>();
        return string.Join(
            ", ",
            (item.Status?.Hard ?? new Dictionary<string, ResourceQuantity>())
                .Where(h => h.Key.StartsWith("limits", StringComparison.Ordinal) == limits)
                .OrderBy(h => h.Key, StringComparer.Ordinal)
                .Select(h => $"{h.Key}: {(used.TryGetValue(h.Key, out var now) ? now.ToString() : "0")}/{h.Value}"));
    }
}
