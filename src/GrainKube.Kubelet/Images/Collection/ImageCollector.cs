using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Runtime;
using Microsoft.Extensions.Logging;

namespace GrainKube.Kubelet.Images.Collection;

/// <summary>Removes images that nobody uses when the engine's disk is full, as upstream's kubelet does.</summary>
internal sealed partial class ImageCollector(NodeServices node)
{
    /// <summary>How often images are looked at.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    private readonly ILogger logger = node.Logs.CreateLogger<ImageCollector>();
    private readonly Dictionary<string, (DateTimeOffset FirstSeen, DateTimeOffset LastUsed)> seen = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1);
    private bool failed;

    /// <summary>Looks who is used, and frees the disk down to the low threshold where it is over the high one. What does not work is told by events of the Node.</summary>
    public async Task CollectAsync(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            var complaint = await TryCollectAsync(cancel);
            if (complaint is not null)
            {
                LogFailed(complaint);
                if (failed)
                {
                    node.Record("Warning", "ImageGCFailed", complaint); // once may be chance
                }
            }

            failed = complaint is not null;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Removes every image that may go, because the node is short of disk.</summary>
    public async Task RemoveUnusedAsync(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            await FreeAsync(long.MaxValue, cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<string?> TryCollectAsync(CancellationToken cancel)
    {
        if (node.Figures?.Read(node.ImageDirectory).ImageDisk?.Bytes is not { } disk)
        {
            return null; // images are on another machine's disk
        }

        if (disk.Capacity == 0)
        {
            const string invalid = "invalid capacity 0 on image filesystem";
            node.Record("Warning", "InvalidDiskCapacity", invalid);
            return invalid;
        }

        var excess = ImagePlan.Excess(disk, node.Options.Images.HighThresholdPercent, node.Options.Images.LowThresholdPercent);
        if (excess == 0)
        {
            await LookAsync(cancel);
            return null;
        }

        var (freed, complaints) = await FreeAsync(excess, cancel);
        if (complaints.Count > 0)
        {
            return $"wanted to free {excess} bytes, but freed {freed} bytes space with errors in image deletion: {string.Join(", ", complaints)}";
        }

        if (freed >= excess)
        {
            return null;
        }

        var complaint = $"Failed to garbage collect required amount of images. Attempted to free {excess} bytes, but only found {freed} bytes eligible to free.";
        node.Record("Warning", "FreeDiskSpaceFailed", complaint);
        return complaint;
    }

    private async Task<(long Freed, IReadOnlyList<string> Complaints)> FreeAsync(long wanted, CancellationToken cancel)
    {
        var (freed, complaints) = (0L, new List<string>());
        foreach (var image in ImagePlan.Candidates(await LookAsync(cancel), node.Time.GetUtcNow(), node.Options.Images.MinimumAge))
        {
            if (freed >= wanted)
            {
                break;
            }

            try
            {
                await node.Runtime.Images.RemoveAsync(image.Id, cancel);
                node.Pulled.Forget([image.Id]);
                seen.Remove(image.Id);
                freed += image.Size;
                LogRemoved(image.Id, image.Size);
            }
            catch (RuntimeException refused) when (refused.Error != RuntimeError.Unavailable)
            {
                complaints.Add(refused.Message);
            }
        }

        return (freed, complaints);
    }

    private async Task<IReadOnlyList<ImageUse>> LookAsync(CancellationToken cancel)
    {
        var now = node.Time.GetUtcNow();
        var images = await node.Runtime.Images.ListAsync(cancel);
        var used = (await node.Runtime.Images.InUseAsync(cancel)).Concat(node.Volumes.ImagesInUse()).ToHashSet(StringComparer.Ordinal);
        var pulled = node.Pulled.All();
        var uses = images.Select(image => Look(image, pulled.GetValueOrDefault(image.Id), used.Contains(image.Id), now)).ToList();
        var there = images.Select(image => image.Id).ToHashSet(StringComparer.Ordinal);
        node.Pulled.Forget(pulled.Keys.Where(id => !there.Contains(id)));
        foreach (var id in seen.Keys.Where(id => !there.Contains(id)).ToList())
        {
            seen.Remove(id);
        }

        return uses;
    }

    private ImageUse Look(ImageInfo image, PulledImage? pulled, bool inUse, DateTimeOffset now)
    {
        var first = pulled?.PulledAt ?? now;
        var before = seen.GetValueOrDefault(image.Id, (first, pulled?.PulledAt ?? DateTimeOffset.MinValue));
        var (firstSeen, lastUsed) = seen[image.Id] = (before.Item1, inUse ? now : before.Item2);
        var ours = pulled is not null && image.Tags.All(pulled.Names.Contains);
        return new ImageUse(image.Id, image.SizeBytes, firstSeen, lastUsed, inUse, ours || node.Options.Images.Foreign);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image garbage collection failed: {Complaint}")]
    private partial void LogFailed(string complaint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed the image {Image}, which nobody used, of {Bytes} bytes")]
    private partial void LogRemoved(string image, long bytes);
}
