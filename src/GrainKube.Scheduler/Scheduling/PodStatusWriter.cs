using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Objects.Client;
using GrainKube.Objects.Writes;
using GrainKube.Scheduler.Pods;
using k8s.Models;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>Writes the scheduler's part of pods' statuses; what others write beside it stays.</summary>
internal sealed class PodStatusWriter(ObjectClient objects, TimeProvider time)
{
    private const int Tries = 5;

    /// <param name="pod">The pod.</param>
    /// <param name="change">The fields of the status to write, for the pod as it is; null where nothing is to be said any more. Asked again where the pod changed meanwhile.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <returns>The pod as it was read last; null where it is gone.</returns>
    public async Task<KubeObject?> WriteAsync(PodRequest pod, Func<KubeObject, JsonObject?> change, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (objects.Get(pod.Key) is not { } item || item.Header.Uid != pod.Uid)
            {
                return null;
            }

            if (change(item) is not { } fields)
            {
                return item;
            }

            try
            {
                await objects.PatchAsync(pod.Key, new JsonObject { ["status"] = fields }, "status", new Preconditions(pod.Uid, item.Revision), cancel);
                return item;
            }
            catch (ApiException gone) when (gone.Status.Code == 404)
            {
                return null;
            }
            catch (ApiException changed) when (changed.Status.Code == 409 && attempt < Tries)
            {
                await objects.Cache.WaitUntilCurrentAsync(cancel);
            }
        }
    }

    /// <summary>The list of conditions with one set; null where it says that already.</summary>
    public JsonArray? With(KubeObject item, string type, string status, string reason, string message)
    {
        var old = item.As<V1Pod>().Status?.Conditions?.FirstOrDefault(c => c.Type == type);
        if (old?.Status == status && old.Reason == reason && old.Message == message)
        {
            return null;
        }

        var conditions = (item.ToNode()["status"]?["conditions"] as JsonArray)?.DeepClone() as JsonArray ?? [];
        foreach (var existing in conditions.Where(c => (string?)c?["type"] == type).ToList())
        {
            conditions.Remove(existing);
        }

        var since = old?.Status == status && old.LastTransitionTime is { } at ? new DateTimeOffset(at) : time.GetUtcNow();
        var condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = status,
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = GoTime.Format(since),
            ["reason"] = reason,
            ["message"] = message,
        };
        if (item.Header.Generation > 0)
        {
            condition["observedGeneration"] = item.Header.Generation;
        }

        conditions.Add(condition);
        return conditions;
    }
}
