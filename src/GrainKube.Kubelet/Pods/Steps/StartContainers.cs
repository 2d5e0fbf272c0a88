using GrainKube.Kubelet.Plans;

namespace GrainKube.Kubelet.Pods.Steps;

/// <summary>Starts what the plan names, one after the other, and tells of what waits.</summary>
internal sealed class StartContainers : IPodStep
{
    public async Task<bool> RunAsync(PodContext pod, CancellationToken cancel)
    {
        for (var round = 0; ; round++)
        {
            var plan = pod.Plan;
            TellOfWaiting(pod, plan);
            var started = false;
            foreach (var start in plan.Start)
            {
                started |= await ContainerStarter.StartAsync(pod, start, cancel);
            }

            if (plan.Start.Count > 0)
            {
                await pod.RefreshAsync(cancel);
            }

            // A sidecar that has started opens the way to what comes after it at once.
            if (!started || plan.Start.All(s => !s.IsInit) || round > (pod.Spec.InitContainers?.Count ?? 0))
            {
                break;
            }
        }

        if (pod.Plan.WakeAt is { } at)
        {
            pod.WakeBy(at);
        }

        return true;
    }

    private static void TellOfWaiting(PodContext pod, PodPlan plan)
    {
        foreach (var (name, wait) in plan.Waiting)
        {
            if (pod.Memory.BackOffs.Add(wait.Ended.Id))
            {
                pod.Event(
                    "Warning", "BackOff", $"Back-off restarting failed container {name} in pod {pod.Object.Key.Name}_{pod.Object.Key.Namespace}({pod.Uid})", pod.Find(name));
            }
        }

        foreach (var (name, failure) in pod.Memory.Failures.ToList())
        {
            if (failure.Reason == "ErrImagePull" && plan.Start.All(s => s.Container.Name != name) && pod.Find(name) is { } container)
            {
                var message = $"Back-off pulling image \"{failure.Image}\"";
                pod.Event("Normal", "BackOff", message, container);
                pod.Event("Warning", "Failed", "Error: ImagePullBackOff", container);
                pod.Memory.Failures[name] = failure with { Reason = "ImagePullBackOff", Message = $"{message}: ErrImagePull: {failure.Message}" };
            }
        }
    }
}
