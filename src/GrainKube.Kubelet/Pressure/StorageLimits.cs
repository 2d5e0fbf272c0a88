using GrainKube.Kubelet.Resources;
using k8s.Models;

namespace GrainKube.Kubelet.Pressure;

/// <summary>Whether a pod keeps its own limits of local storage: of <c>emptyDir</c> volumes, of the pod and of containers. Pure.</summary>
internal static class StorageLimits
{
    /// <summary>The pod has limits that must be watched.</summary>
    public static bool Any(V1PodSpec spec) =>
        spec.Volumes?.Any(v => v.EmptyDir?.SizeLimit is not null) == true || PodRequests.LimitsOf(spec).ContainsKey(Signals.Storage);

    /// <param name="spec">The pod.</param>
    /// <param name="containers">What its containers have on disk.</param>
    /// <param name="emptyDirs">What its <c>emptyDir</c> volumes on disk hold.</param>
    /// <param name="oneDisk">Images and volumes share a file system; otherwise upstream counts only logs against a container's limit.</param>
    /// <returns>Why the pod must go, in upstream's words; null where it keeps its limits.</returns>
    public static string? Complaint(V1PodSpec spec, IReadOnlyList<ContainerUse> containers, IReadOnlyDictionary<string, DiskUse> emptyDirs, bool oneDisk)
    {
        foreach (var volume in spec.Volumes ?? [])
        {
            if (volume.EmptyDir?.SizeLimit is { } limit && limit.ToDecimal() > 0 && emptyDirs.GetValueOrDefault(volume.Name).Bytes > limit.ToDecimal())
            {
                return EvictionMessage.EmptyDirLimit(volume.Name, limit);
            }
        }

        var used = containers.Sum(c => c.Written.Bytes + c.Log.Bytes) + emptyDirs.Values.Sum(use => use.Bytes);
        if (PodRequests.LimitsOf(spec).TryGetValue(Signals.Storage, out var most) && used > most)
        {
            return EvictionMessage.PodLimit(most);
        }

        foreach (var use in containers)
        {
            if (spec.Containers.FirstOrDefault(c => c.Name == use.Name)?.Resources?.Limits is { } limits && limits.TryGetValue(Signals.Storage, out var limit)
                && limit.ToDecimal() > 0 && use.Log.Bytes + (oneDisk ? use.Written.Bytes : 0) > limit.ToDecimal())
            {
                return EvictionMessage.ContainerLimit(use.Name, limit);
            }
        }

        return null;
    }
}
