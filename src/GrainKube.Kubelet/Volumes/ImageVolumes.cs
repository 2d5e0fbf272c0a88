using GrainKube.Kubelet.Images;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Volumes;

/// <summary>Volumes that are the files of an image. They are pulled like a container's image; the files of an image lie on the node once, whatever the number of pods.</summary>
/// <remarks>
/// A volume is a link of the pod's to the image's directory, made before the files are and gone with the pod's directory: who uses an image is read from these links alone, so that a kubelet that ended
/// between any two steps leaves nothing that the next does not understand. Files that no link leads to are removed.
/// </remarks>
internal sealed class ImageVolumes(PodDirectories directories)
{
    private const string Unfinished = ".unfinished";

    // Files come and go one image at a time: the engine is asked for one at a time, too.
    private readonly SemaphoreSlim turn = new(1);
    private volatile bool isSweepDue = true; // whoever was here before may have ended in the middle of something

    /// <summary>Ids of the images that pods have as volumes.</summary>
    public IReadOnlySet<string> InUse() => Links().Select(IdOf).ToHashSet(StringComparer.Ordinal);

    /// <summary>Makes the volume; one that is there stays as it is.</summary>
    /// <exception cref="ContainerStartException">The image is not to be had now.</exception>
    /// <exception cref="VolumeException">Its files cannot be laid down.</exception>
    public async Task EnsureAsync(PodContext pod, V1Volume volume, CancellationToken cancel)
    {
        var link = LinkOf(pod.Uid, volume.Name);
        if (Directory.Exists(link))
        {
            return;
        }

        var source = volume.Image;
        var image = await ImageSource.EnsureAsync(pod, new WantedImage(source.Reference ?? "", source.PullPolicy ?? "IfNotPresent", Container: null), cancel);
        await turn.WaitAsync(cancel);
        try
        {
            var place = PlaceOf(image.Id);
            Link(link, place);
            if (!Directory.Exists(place))
            {
                await UnpackAsync(pod.Node.Runtime.Images, image.Id, place, cancel);
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or RuntimeException { Error: not RuntimeError.Unavailable })
        {
            throw new VolumeException($"failed to mount image \"{source.Reference}\": {failed.Message}", failed);
        }
        finally
        {
            turn.Release();
        }

        await SweepAsync(cancel);
    }

    /// <summary>Where the files are.</summary>
    /// <exception cref="VolumeException">They are not there yet.</exception>
    public string PathOf(string podUid, string volume) =>
        new FileInfo(LinkOf(podUid, volume)).LinkTarget ?? throw new VolumeException($"the image of volume \"{volume}\" is not mounted");

    /// <summary>Whether the pod has such volumes; asked before its directory goes.</summary>
    public bool HasAny(string podUid) => Directory.Exists(directories.ImagesOf(podUid));

    /// <summary>Removes the files of images that no pod has any more.</summary>
    /// <param name="isDue">Some may have become so just now.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task SweepAsync(bool isDue, CancellationToken cancel)
    {
        if (isDue)
        {
            isSweepDue = true;
        }

        return SweepAsync(cancel);
    }

    // Whoever finds somebody else at work leaves it to him: a pod's end does not wait for another's image.
    private async Task SweepAsync(CancellationToken cancel)
    {
        while (isSweepDue && await turn.WaitAsync(0, cancel))
        {
            try
            {
                isSweepDue = false;
                Sweep();
            }
            catch
            {
                isSweepDue = true; // for the next pod that goes
                throw;
            }
            finally
            {
                turn.Release();
            }
        }
    }

    private void Sweep()
    {
        if (!Directory.Exists(directories.Images))
        {
            return;
        }

        var used = Links().ToHashSet(StringComparer.Ordinal);
        foreach (var place in new DirectoryInfo(directories.Images).GetFileSystemInfos().Where(place => !used.Contains(place.FullName)))
        {
            if (place is DirectoryInfo directory)
            {
                directory.Delete(recursive: true);
            }
            else
            {
                place.Delete(); // an archive that nobody unpacked
            }
        }
    }

    private static async Task UnpackAsync(IImages images, string id, string place, CancellationToken cancel)
    {
        var unfinished = place + Unfinished;
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Directory.CreateDirectory(unfinished);
        await images.UnpackAsync(id, unfinished, cancel);
        Native.Rename(unfinished, place);
    }

    private static void Link(string link, string place)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        var next = link + Unfinished;
        File.Delete(next);
        File.CreateSymbolicLink(next, place);
        Native.Rename(next, link); // over one that leads nowhere any more
    }

    /// <summary>Where the links of all pods lead to.</summary>
    private IEnumerable<string> Links() =>
        !Directory.Exists(directories.Pods) ? []
        : from pod in Directory.EnumerateDirectories(directories.Pods)
          let images = directories.ImagesOf(Path.GetFileName(pod))
          where Directory.Exists(images)
          from link in Directory.EnumerateFileSystemEntries(images)
          let target = new FileInfo(link).LinkTarget
          where target is not null
          select target;

    private string LinkOf(string podUid, string volume) => Path.Combine(directories.ImagesOf(podUid), volume);

    private string PlaceOf(string imageId) => Path.Combine(directories.Images, Uri.EscapeDataString(imageId));

    private static string IdOf(string place) => Uri.UnescapeDataString(Path.GetFileName(place));
}
