using GrainKube.Kubelet.Images;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Volumes;

/// <summary>Volumes that are the files of an image. They are pulled like a container's image, and lie in a directory of the pod.</summary>
internal static class ImageVolumes
{
    /// <summary>Makes the directory; what is there already stays.</summary>
    /// <exception cref="ContainerStartException">The image is not to be had now.</exception>
    /// <exception cref="VolumeException">Its files cannot be laid down.</exception>
    public static async Task EnsureAsync(PodContext pod, V1ImageVolumeSource source, string path, CancellationToken cancel)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var image = await ImageSource.EnsureAsync(pod, new WantedImage(source.Reference ?? "", source.PullPolicy ?? "IfNotPresent", Container: null), cancel);
        var unfinished = path + ".unfinished";
        try
        {
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }

            Directory.CreateDirectory(unfinished);
            await pod.Node.Runtime.Images.UnpackAsync(image.Id, unfinished, cancel);
            Native.Rename(unfinished, path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or RuntimeException { Error: not RuntimeError.Unavailable })
        {
            throw new VolumeException($"failed to mount image \"{source.Reference}\": {failed.Message}", failed);
        }
    }
}
