using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.PodStatus;

namespace GrainKube.Kubelet.Images;

/// <summary>Makes an image present, as its pull policy says.</summary>
internal static class ImageSource
{
    /// <exception cref="ContainerStartException">The image is not to be had now.</exception>
    public static async Task<ImageInfo> EnsureAsync(PodContext pod, WantedImage wanted, CancellationToken cancel)
    {
        var (reference, policy, container) = wanted;
        if (!ImageReference.IsValid(reference))
        {
            var problem = $"Failed to apply default image tag \"{reference}\": couldn't parse image name \"{reference}\": invalid reference format";
            pod.Event("Warning", "InspectFailed", problem, container);
            throw new ContainerStartException("InvalidImageName", problem);
        }

        var present = await pod.Node.Runtime.Images.GetAsync(reference, cancel);
        if (present is not null && policy != "Always")
        {
            pod.Event("Normal", "Pulled", $"Container image \"{reference}\" already present on machine and can be accessed by the pod", container);
            return present;
        }

        if (policy == "Never")
        {
            var message = $"Container image \"{reference}\" is not present with pull policy of Never";
            pod.Event("Warning", "ErrImageNeverPull", message, container);
            throw new ContainerStartException("ErrImageNeverPull", message);
        }

        return await PullAsync(pod, wanted, present, cancel);
    }

    private static async Task<ImageInfo> PullAsync(PodContext pod, WantedImage wanted, ImageInfo? present, CancellationToken cancel)
    {
        var (reference, container) = (wanted.Reference, wanted.Container);
        // A pull may take minutes: what is known so far goes into the status before. Not between a container's end and its successor: the pod has not failed.
        if (container is null || pod.Runtime.Latest(container.Name) is not { } before || !pod.Memory.Replaced.Contains(before.Id))
        {
            await PodStatusWriter.WriteAsync(pod, ended: false, cancel);
        }

        pod.Event("Normal", "Pulling", $"Pulling image \"{reference}\"", container);
        var began = pod.Now;
        using var step = KubeletTelemetry.StartStep("pull image", container?.Name ?? reference);
        RuntimeException? failure = null;
        IEnumerable<RegistryCredentials?> attempts = PullSecrets.For(pod, reference);
        foreach (var credentials in attempts.DefaultIfEmpty(null))
        {
            try
            {
                var image = await pod.Node.Runtime.Images.PullAsync(reference, credentials, cancel);
                pod.Node.Pulled.Pulled(image.Id, NamesBefore(image, present, reference), image.Tags, pod.Now);
                var took = ShortDuration(pod.Now - began);
                pod.Event("Normal", "Pulled", $"Successfully pulled image \"{reference}\" in {took} ({took} including waiting). Image size: {image.SizeBytes} bytes.", container);
                return image;
            }
            catch (RuntimeException failed)
            {
                failure = failed;
            }
        }

        pod.Event("Warning", "Failed", $"Failed to pull image \"{reference}\": {failure!.Message}", container);
        throw new ContainerStartException("ErrImagePull", failure.Message, cause: failure) { Image = reference };
    }

    /// <summary>The names that an image had before it was pulled by a reference; null for one that was not there.</summary>
    private static IReadOnlyList<string>? NamesBefore(ImageInfo image, ImageInfo? present, string reference)
    {
        if (present?.Id == image.Id)
        {
            return present.Tags;
        }

        // It may have been there under other names: those that this pull did not give it.
        var own = ImageReference.TagOf(reference);
        return image.Tags.Where(tag => tag != own).ToList() is { Count: > 0 } others ? others : null;
    }

    /// <summary>Go's way to write a duration of milliseconds.</summary>
    internal static string ShortDuration(TimeSpan time)
    {
        var text = time.TotalSeconds < 1 ? FormattableString.Invariant($"{time.TotalMilliseconds:0}ms")
            : time.TotalMinutes < 1 ? FormattableString.Invariant($"{time.TotalSeconds:0.###}s")
            : FormattableString.Invariant($"{(int)time.TotalMinutes}m{time.TotalSeconds % 60:0.###}s");
        return text;
    }
}
