using System.Text.Json.Nodes;
using GrainKube.Objects.Client;
using GrainKube.Objects.Writes;
using GrainKube.Reconciliation.Events;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Scheduling;

namespace GrainKube.Scheduler.Preemption;

/// <summary>Makes the room that was decided upon.</summary>
internal sealed class Evictor(ObjectClient objects, PodStatusWriter statuses, EventRecorder events)
{
    /// <summary>Tells the victims why they go, and deletes them with the time they ask for. Those that go already are left alone. Comes back when this silo's cache shows it.</summary>
    public async Task EvictAsync(PodRequest preemptor, Candidate from, CancellationToken cancel)
    {
        await Task.WhenAll(from.Victims.Where(v => !v.Marks.IsTerminating).Select(v => EvictAsync(v, preemptor, from.Node.Name, cancel)));
        await objects.WaitForOwnWritesAsync(cancel);
    }

    /// <summary>Says that no room is kept for the pod any more.</summary>
    public Task ClearNominationAsync(PodRequest pod, CancellationToken cancel) => statuses.WriteAsync(
        pod, now => PodMarks.Of(now).NominatedNode.Length == 0 ? null : new JsonObject { ["nominatedNodeName"] = null }, cancel);

    private async Task EvictAsync(PodRequest victim, PodRequest preemptor, string node, CancellationToken cancel)
    {
        var why = $"{preemptor.SchedulerName}: preempting to accommodate a higher priority pod";
        var item = await statuses.WriteAsync(
            victim,
            now => statuses.With(now, "DisruptionTarget", "True", "PreemptionByScheduler", why) is { } conditions ? new JsonObject { ["conditions"] = conditions } : null,
            cancel);
        if (item is not null && await objects.DeleteAsync(victim.Key, new Preconditions(victim.Uid), cancel))
        {
            events.Normal(item, "Preempted", $"Preempted by pod {preemptor.Uid} on node {node}");
        }
    }
}
