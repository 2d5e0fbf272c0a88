using GrainKube.Kubelet.Pressure;

namespace GrainKube.Kubelet.Images.Collection;

/// <summary>An image as the collector sees it.</summary>
/// <param name="Id">The image.</param>
/// <param name="Size">In bytes, layers that others share included.</param>
/// <param name="FirstSeen">Since when it is known.</param>
/// <param name="LastUsed">When a container last had it.</param>
/// <param name="InUse">A container has it, running or not, ours or anybody's.</param>
/// <param name="Removable">It may be removed at all.</param>
internal sealed record ImageUse(string Id, long Size, DateTimeOffset FirstSeen, DateTimeOffset LastUsed, bool InUse, bool Removable);

/// <summary>Decides which images go when the disk is full. Pure.</summary>
internal static class ImagePlan
{
    /// <summary>Bytes that must be freed; 0 where the disk is less full than the high threshold.</summary>
    /// <param name="disk">The disk of images.</param>
    /// <param name="high">Percent at which collection begins.</param>
    /// <param name="low">Percent to which it frees.</param>
    public static long Excess(Stock disk, int high, int low)
    {
        var available = Math.Min(disk.Available, disk.Capacity);
        var used = 100 - (int)((Int128)available * 100 / disk.Capacity);
        return used >= high ? Math.Max(0, (long)((Int128)disk.Capacity * (100 - low) / 100) - available) : 0;
    }

    /// <summary>The images that may go, in the order in which they do: unused for longest, then known for longest. Those that came just now are about to be used.</summary>
    public static IReadOnlyList<ImageUse> Candidates(IEnumerable<ImageUse> images, DateTimeOffset now, TimeSpan minimumAge) =>
    [
        .. images.Where(image => image is { Removable: true, InUse: false } && now - image.FirstSeen >= minimumAge)
            .OrderBy(image => image.LastUsed).ThenBy(image => image.FirstSeen).ThenBy(image => image.Id, StringComparer.Ordinal),
    ];
}
