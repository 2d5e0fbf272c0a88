using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Client;
using GrainKube.Reconciliation;
using GrainKube.Reconciliation.Events;
using GrainKube.Resources.Core.Pods;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Volumes;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>Carries decisions out: binds pods, or tells them why they wait. Each at a measured pace, so that a flood does not drown other writers.</summary>
internal sealed class Binder(ObjectClient objects, VolumeBinder volumes, PodStatusWriter statuses, EventRecorder events, TimeProvider time)
{
    private readonly SemaphoreSlim binding = new(64);
    private readonly SemaphoreSlim refusing = new(16);

    /// <returns>True where the pod is bound or nothing is left to do for it; false where it is to be tried again.</returns>
    public async Task<bool> BindAsync(PodRequest pod, string node, CancellationToken cancel)
    {
        if (pod.Claims.Count > 0 && await volumes.BindAsync(pod, node, cancel) is { } failure)
        {
            await RefuseAsync(pod, $"running PreBind plugin \"VolumeBinding\": {failure}", null, cancel);
            return false;
        }

        await binding.WaitAsync(cancel);
        try
        {
            return await BindNowAsync(pod, node, cancel);
        }
        finally
        {
            binding.Release();
        }
    }

    /// <summary>Writes the PodScheduled condition and the event FailedScheduling.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="why">Why it waits.</param>
    /// <param name="nominatedNode">Where room is made for it; empty takes an earlier nomination away, null leaves it.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task RefuseAsync(PodRequest pod, string why, string? nominatedNode, CancellationToken cancel)
    {
        await refusing.WaitAsync(cancel);
        try
        {
            if (objects.Get(pod.Key) is { } item && item.Header.Uid == pod.Uid)
            {
                events.Warning(item, "FailedScheduling", why);
            }

            await statuses.WriteAsync(pod, now => Status(now, why, nominatedNode), cancel);
        }
        finally
        {
            refusing.Release();
        }
    }

    private JsonObject? Status(KubeObject pod, string why, string? nominatedNode)
    {
        // Meanwhile it may have been tried again with success.
        if (PodFacts.Of(pod).NodeName.Length > 0)
        {
            return null;
        }

        var fields = new JsonObject();
        if (statuses.With(pod, "PodScheduled", "False", "Unschedulable", why) is { } conditions)
        {
            fields["conditions"] = conditions;
        }

        if (nominatedNode is not null && PodMarks.Of(pod).NominatedNode != nominatedNode)
        {
            fields["nominatedNodeName"] = nominatedNode.Length == 0 ? null : nominatedNode;
        }

        return fields.Count == 0 ? null : fields;
    }

    private async Task<bool> BindNowAsync(PodRequest pod, string node, CancellationToken cancel)
    {
        var item = objects.Get(pod.Key);
        using var activity = ReconciliationTelemetry.Start("scheduler", pod.Key, item, time);
        activity?.SetTag("k8s.node", node);
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Binding",
            ["metadata"] = new JsonObject { ["name"] = pod.Key.Name, ["namespace"] = pod.Key.Namespace, ["uid"] = pod.Uid },
            ["target"] = new JsonObject { ["kind"] = "Node", ["name"] = node },
        };
        try
        {
            await objects.InvokeAsync(pod.Key, "binding", body, cancel);
        }
        catch (ApiException gone) when (gone.Status.Code == 404)
        {
            return true;
        }
        catch (ApiException refused) when (refused.Status.Code == 409)
        {
            // Somebody else bound it, or it is a namesake: its own change tells us.
            return objects.Get(pod.Key) is not { } now || now.Header.Uid != pod.Uid || PodFacts.Of(now).NodeName.Length > 0;
        }

        if (item is not null)
        {
            events.Normal(item, "Scheduled", $"Successfully assigned {pod.Key.Namespace}/{pod.Key.Name} to {node}");
        }

        return true;
    }
}
