using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Objects.Client;
using GrainKube.Objects.Writes;
using GrainKube.Reconciliation;
using GrainKube.Reconciliation.Events;
using k8s.Models;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>Carries decisions out: binds pods, or tells them why they wait.</summary>
internal sealed class Binder(ObjectClient objects, EventRecorder events, TimeProvider time)
{
    /// <returns>True where the pod is bound or nothing is left to do for it; false where it is to be tried again.</returns>
    public async Task<bool> BindAsync(Pods.PodRequest pod, string node, CancellationToken cancel)
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
            return objects.Get(pod.Key) is not { } now || now.Header.Uid != pod.Uid || now.As<V1Pod>().Spec.NodeName is { Length: > 0 };
        }

        if (item is not null)
        {
            events.Normal(item, "Scheduled", $"Successfully assigned {pod.Key.Namespace}/{pod.Key.Name} to {node}");
        }

        return true;
    }

    /// <summary>Writes the PodScheduled condition and the event FailedScheduling.</summary>
    public async Task RefuseAsync(Pods.PodRequest pod, string why, CancellationToken cancel)
    {
        if (objects.Get(pod.Key) is not { } item || item.Header.Uid != pod.Uid)
        {
            return;
        }

        events.Warning(item, "FailedScheduling", why);
        var old = item.As<V1Pod>().Status?.Conditions?.FirstOrDefault(c => c.Type == "PodScheduled");
        if (old is { Status: "False", Reason: "Unschedulable" } && old.Message == why)
        {
            return;
        }

        var conditions = (item.ToNode()["status"]?["conditions"] as JsonArray)?.DeepClone() as JsonArray ?? [];
        foreach (var existing in conditions.Where(c => (string?)c?["type"] == "PodScheduled").ToList())
        {
            conditions.Remove(existing);
        }

        var since = old is { Status: "False", LastTransitionTime: { } at } ? new DateTimeOffset(at) : time.GetUtcNow();
        conditions.Add(new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = "False",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["reason"] = "Unschedulable",
            ["message"] = why,
        });
        try
        {
            await objects.PatchAsync(
                pod.Key, new JsonObject { ["status"] = new JsonObject { ["conditions"] = conditions } }, "status", new Preconditions(pod.Uid, item.Revision), cancel);
        }
        catch (ApiException changed) when (changed.Status.Code is 404 or 409)
        {
            // The pod changed meanwhile and is tried again because of that.
        }
    }
}
