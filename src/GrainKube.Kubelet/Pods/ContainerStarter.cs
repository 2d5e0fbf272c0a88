using GrainKube.Kubelet.Environment;
using GrainKube.Kubelet.Hooks;
using GrainKube.Kubelet.Images;
using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Volumes;
using k8s.Models;

namespace GrainKube.Kubelet.Pods;

/// <summary>Brings one container to life: image, configuration, creation, start, <c>postStart</c>.</summary>
internal static class ContainerStarter
{
    private static readonly TimeSpan ConfigRetry = TimeSpan.FromMinutes(1);

    /// <summary>A failure is remembered for the status and the next try.</summary>
    /// <returns>Whether the container runs.</returns>
    public static async Task<bool> StartAsync(PodContext pod, ContainerStart start, CancellationToken cancel)
    {
        var name = start.Container.Name;
        try
        {
            await TryAsync(pod, start, cancel);
            pod.Memory.Failures.Remove(name);
            return true;
        }
        catch (ContainerStartException failed)
        {
            if (!failed.Recorded)
            {
                var told = failed.Reason is "ErrImagePull" or "ErrImageNeverPull" or "InvalidImageName" ? failed.Reason : failed.Message;
                pod.Event("Warning", failed.Reason is "InvalidImageName" ? "InspectFailed" : "Failed", $"Error: {told}", start.Container);
            }

            Remember(pod, start.Container, failed);
            return false;
        }
    }

    private static void Remember(PodContext pod, V1Container container, ContainerStartException failed)
    {
        var name = container.Name;
        var before = pod.Memory.Failures.GetValueOrDefault(name);
        var failures = before is null ? 1 : before.Failures + 1;
        var pause = failed.Reason == "CreateContainerConfigError" ? ConfigRetry : RestartBackOff.Delay(failures);
        pod.Memory.Failures[name] = new StartFailure(failed.Reason, failed.Message, pod.Now + pause, failures) { Image = failed.Image, ContainerImage = container.Image ?? "" };
        pod.WakeBy(pod.Now + pause);
        pod.Replan();
    }

    private static async Task TryAsync(PodContext pod, ContainerStart start, CancellationToken cancel)
    {
        var container = start.Container;
        var runtime = pod.Node.Runtime;
        var image = await ImageSource.EnsureAsync(pod, WantedImage.Of(container), cancel);
        var spec = await ConfigureAsync(pod, start, image, cancel);
        string id;
        try
        {
            using var step = KubeletTelemetry.StartStep("create container", container.Name);
            id = await runtime.Containers.CreateAsync(spec, cancel);
        }
        catch (RuntimeException failed)
        {
            throw new ContainerStartException("CreateContainerError", failed.Message, cause: failed);
        }

        pod.Event("Normal", "Created", "Container created", container);
        try
        {
            using var step = KubeletTelemetry.StartStep("start container", container.Name);
            await runtime.Containers.StartAsync(id, cancel);
        }
        catch (RuntimeException failed)
        {
            // The container stays as one that could not start, and is restarted with back-off like one that crashed.
            throw new ContainerStartException("RunContainerError", failed.Message, cause: failed);
        }

        pod.Node.Tally.ContainerStarted(
            (pod.Spec.InitContainers ?? []).Any(c => c.Name == container.Name) ? "init_container" : pod.Spec.Containers.Any(c => c.Name == container.Name) ? "container" : "ephemeral_container");
        pod.Event("Normal", "Started", "Container started", container);
        if (container.Lifecycle?.PostStart is { } hook
            && await LifecycleHooks.RunAsync(pod, container, id, hook, TimeSpan.FromMinutes(30), cancel) is not null)
        {
            pod.Event("Warning", "FailedPostStartHook", "PostStartHook failed", container);
            var state = await runtime.Containers.GetAsync(id, cancel);
            if (state is not null)
            {
                await ContainerKiller.KillAsync(pod, state, "FailedPostStartHook", ContainerKiller.GraceOf(pod), cancel);
            }

            throw new ContainerStartException("PostStartHookError", "PostStartHook failed", recorded: true);
        }
    }

    private static async Task<ContainerSpec> ConfigureAsync(PodContext pod, ContainerStart start, ImageInfo image, CancellationToken cancel)
    {
        try
        {
            await pod.Node.Volumes.PrepareAsync(pod, start.Container, cancel);
            var environment = ContainerEnvironment.Resolve(pod, start.Container);
            var mounts = pod.Node.Volumes.MountsOf(pod, start.Container, start.Attempt, environment);
            return ContainerSpecs.Of(pod, start, image, environment, mounts);
        }
        catch (Exception failed) when (failed is ConfigException or VolumeException)
        {
            throw new ContainerStartException("CreateContainerConfigError", failed.Message, cause: failed);
        }
    }
}
