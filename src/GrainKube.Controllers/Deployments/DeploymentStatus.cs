using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;
using k8s.Models;

namespace GrainKube.Controllers.Deployments;

/// <summary>The status of a deployment, with its Available and Progressing conditions in upstream's words. Pure.</summary>
internal static class DeploymentStatus
{
    /// <summary>A deadline of this many seconds means: none.</summary>
    private const int NoDeadline = int.MaxValue;

    /// <param name="item">The deployment.</param>
    /// <param name="view">A typed view of it.</param>
    /// <param name="current">The set of the present template, or null.</param>
    /// <param name="old">The others.</param>
    /// <param name="conditions">The conditions so far; changed in place.</param>
    /// <param name="now">The time.</param>
    /// <returns>The fields to write, and when the deadline is to be looked at.</returns>
    public static (JsonObject Fields, TimeSpan? WakeAfter) Of(
        KubeObject item, V1Deployment view, Replicas? current, IReadOnlyList<Replicas> old, Conditions conditions, DateTimeOffset now)
    {
        var all = current is null ? [.. old] : old.Append(current).ToList();
        var wanted = view.Spec.Replicas ?? 1;
        var (total, updated) = (all.Sum(r => r.Actual), current?.Actual ?? 0);
        var (ready, available) = (all.Sum(r => r.Ready), all.Sum(r => r.Available));
        var rolling = view.Spec.Strategy?.Type != "Recreate";
        var unavailable = rolling ? IntOrPercent.Fenceposts(view.Spec.Strategy?.RollingUpdate, wanted).Unavailable : 0;
        var complete = updated == wanted && total == wanted && available == wanted && current is not null;
        var settled = total == updated && conditions.ReasonOf("Progressing") == "NewReplicaSetAvailable";
        var progressing = updated > (view.Status?.UpdatedReplicas ?? 0)
            || total - updated < (view.Status?.Replicas ?? 0) - (view.Status?.UpdatedReplicas ?? 0)
            || ready > (view.Status?.ReadyReplicas ?? 0)
            || available > (view.Status?.AvailableReplicas ?? 0);
        if (available >= wanted - unavailable)
        {
            conditions.Set("Available", true, "MinimumReplicasAvailable", "Deployment has minimum availability.", now, withUpdateTime: true);
        }
        else
        {
            conditions.Set("Available", false, "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now, withUpdateTime: true);
        }

        var wake = Progress(item, view, current, conditions, complete, settled, progressing, now);
        CarryFailure(all, conditions);
        return (new JsonObject
        {
            ["observedGeneration"] = item.Header.Generation,
            ["replicas"] = StatusPatch.Count(total),
            ["updatedReplicas"] = StatusPatch.Count(updated),
            ["readyReplicas"] = StatusPatch.Count(ready),
            ["availableReplicas"] = StatusPatch.Count(available),
            ["unavailableReplicas"] = StatusPatch.Count(Math.Max(0, all.Sum(r => r.Spec) - available)),
            ["terminatingReplicas"] = all.Sum(r => r.Terminating),
            ["conditions"] = conditions.ToJsonOrNull(),
        }, wake);
    }

    private static TimeSpan? Progress(
        KubeObject item, V1Deployment view, Replicas? current, Conditions conditions, bool complete, bool settled, bool progressing, DateTimeOffset now)
    {
        var deadline = view.Spec.ProgressDeadlineSeconds ?? NoDeadline;
        if (deadline == NoDeadline)
        {
            conditions.Remove("Progressing");
            return null;
        }

        if (view.Spec.Paused == true || conditions.ReasonOf("Progressing") == "DeploymentPaused")
        {
            return null;
        }

        var subject = current is null ? $"Deployment \"{item.Header.Name}\"" : $"ReplicaSet \"{current.Name}\"";
        if (complete)
        {
            conditions.Set("Progressing", true, "NewReplicaSetAvailable", $"{subject} has successfully progressed.", now, withUpdateTime: true);
            return null;
        }

        if (progressing && !settled)
        {
            // Each step of progress starts the deadline anew: the update time moves although the words stay.
            conditions.Remove("Progressing", out var before);
            conditions.Set("Progressing", true, "ReplicaSetUpdated", $"{subject} is progressing.", now, withUpdateTime: true);
            conditions.KeepTransition("Progressing", before);
        }

        if (conditions["Progressing"] is not { } condition || conditions.ReasonOf("Progressing") is "ProgressDeadlineExceeded" or "NewReplicaSetAvailable"
            || !DateTimeOffset.TryParse((string?)condition["lastUpdateTime"], out var updated))
        {
            return null;
        }

        var left = updated.AddSeconds(deadline) - now;
        if (left > TimeSpan.Zero)
        {
            return left + TimeSpan.FromSeconds(1);
        }

        conditions.Set("Progressing", false, "ProgressDeadlineExceeded", $"{subject} has timed out progressing.", now, withUpdateTime: true);
        return null;
    }

    private static void CarryFailure(List<Replicas> all, Conditions conditions)
    {
        var failure = all.OrderByDescending(r => r.Created).Select(r => Conditions.Of(r.Item)["ReplicaFailure"]).FirstOrDefault(c => c is not null);
        if (failure is null)
        {
            conditions.Remove("ReplicaFailure");
        }
        else
        {
            conditions.Copy(failure);
        }
    }
}
