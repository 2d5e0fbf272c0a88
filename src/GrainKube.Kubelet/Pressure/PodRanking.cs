namespace GrainKube.Kubelet.Pressure;

/// <summary>In which order pods go when the node is short of something: first those that use more than they asked for, then the least important, then the greediest. Pure.</summary>
internal static class PodRanking
{
    /// <param name="pods">The candidates.</param>
    /// <param name="signal">What is short.</param>
    /// <param name="oneDisk">Images and volumes share a file system.</param>
    public static IReadOnlyList<PodUse> Order(IEnumerable<PodUse> pods, Signal signal, bool oneDisk)
    {
        var byUid = pods.OrderBy(pod => pod.Object.Header.Uid, StringComparer.Ordinal); // so that equals have an order, too
        return signal switch
        {
            Signal.MemoryAvailable => [.. byUid
                .OrderByDescending(pod => pod.Memory > pod.Requested(Signals.Memory))
                .ThenBy(pod => pod.Priority)
                .ThenByDescending(pod => pod.Memory - pod.Requested(Signals.Memory))],
            Signal.PidAvailable => [.. byUid.OrderBy(pod => pod.Priority).ThenByDescending(pod => pod.Processes)],
            _ => [.. byUid
                .OrderByDescending(pod => Used(pod) > (Signals.ResourceOf(signal) == Signals.Storage ? pod.Requested(Signals.Storage) : 0))
                .ThenBy(pod => pod.Priority)
                .ThenByDescending(pod => Used(pod) - pod.Requested(Signals.Storage))],
        };

        long Used(PodUse pod)
        {
            var onImages = signal is Signal.ImageFsAvailable or Signal.ImageFsInodesFree;
            var use = pod.Disk(layers: oneDisk || onImages, files: oneDisk || !onImages);
            return Signals.ResourceOf(signal) == Signals.Inodes ? use.Inodes : use.Bytes;
        }
    }
}
