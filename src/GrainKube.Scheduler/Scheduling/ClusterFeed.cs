using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Resources.Core.Pods;
using GrainKube.Scheduler.Cluster;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Queue;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>Takes changes of the cluster into the node table and the queue, and wakes the pods that may fit because of them. Used by one task at a time.</summary>
/// <param name="scheduler">Only pods that name this scheduler are queued.</param>
/// <param name="names">Positions of resources.</param>
/// <param name="table">Nodes and placed pods.</param>
/// <param name="queue">Pods without a node.</param>
/// <param name="placer">Knows what a refused pod may wait for.</param>
internal sealed class ClusterFeed(string scheduler, ResourceNames names, NodeTable table, SchedulingQueue queue, Placer placer)
{
    public void NodeChanged(ObjectChange change)
    {
        if (change.After is { } node)
        {
            NodeIs(node);
            return;
        }

        table.Remove(change.Subject.Header.Name);
        Wake(new ClusterChange(ChangeKind.Node, table.Find(change.Subject.Header.Name)));
    }

    /// <summary>The node is there, like that.</summary>
    public void NodeIs(KubeObject node)
    {
        if (table.Set(node))
        {
            Wake(new ClusterChange(ChangeKind.Node, table.Find(node.Header.Name)));
        }
    }

    public void PodChanged(ObjectChange change)
    {
        if (change.After is { } pod)
        {
            PodIs(pod);
        }
        else
        {
            Gone(change.Subject.Header.Uid);
        }
    }

    /// <summary>The pod is there, like that.</summary>
    public void PodIs(KubeObject pod)
    {
        var facts = PodFacts.Of(pod);
        if (facts.IsFinished || (facts.NodeName.Length == 0 && pod.Header.DeletionTimestamp is not null))
        {
            Gone(pod.Header.Uid);
        }
        else if (facts.NodeName.Length > 0)
        {
            queue.Remove(pod.Header.Uid);
            Unnominate(pod.Header.Uid);
            Placed(pod, facts.NodeName);
        }
        else
        {
            Waits(PodRequest.Of(pod, names));
        }
    }

    /// <summary>The pod is about to be bound there.</summary>
    public void Assume(PodRequest pod, NodeState node)
    {
        var nominated = table.Unnominate(pod.Uid)?.Node;
        table.Place(pod, node.Name);
        Wake(new ClusterChange(ChangeKind.PodCame, node, pod));
        if (nominated is not null && nominated != node)
        {
            Wake(new ClusterChange(ChangeKind.PodWent, nominated, pod));
        }
    }

    /// <summary>The pod could not be bound where it was assumed; room that was made for it is kept for it again.</summary>
    public void NotBound(string uid)
    {
        Displace(uid);
        if (queue.Find(uid) is { Marks.NominatedNode: { Length: > 0 } node } pod)
        {
            table.Nominate(pod, node);
        }
    }

    /// <summary>The pod has no place any more.</summary>
    public void Displace(string uid)
    {
        if (table.Placed(uid) is var (pod, node))
        {
            table.Displace(uid);
            Wake(new ClusterChange(ChangeKind.PodWent, node, pod));
        }
    }

    /// <summary>Room that was kept for the pod is free.</summary>
    /// <returns>True where there was any.</returns>
    public bool Unnominate(string uid)
    {
        if (table.Unnominate(uid) is not var (pod, node))
        {
            return false;
        }

        Wake(new ClusterChange(ChangeKind.PodWent, node, pod));
        return true;
    }

    /// <summary>Wakes whom the change may let in; what a pod does itself is no news to it.</summary>
    public void Wake(ClusterChange change) => queue.Wake((pod, refusedBy) => pod.Uid != change.Pod?.Uid && placer.MayFit(pod, refusedBy, change));

    public void WakeAll() => queue.Wake((_, _) => true);

    private void Gone(string uid)
    {
        queue.Remove(uid);
        Unnominate(uid);
        Displace(uid);
    }

    private void Placed(KubeObject item, string node)
    {
        var known = table.Placed(item.Header.Uid);
        if (known is not var (before, place) || place.Name != node)
        {
            var pod = PodRequest.Of(item, names);
            table.Place(pod, node);
            Wake(new ClusterChange(ChangeKind.PodCame, table.Find(node), pod));
            return;
        }

        var now = before.Later(item, names);
        if (ReferenceEquals(now, before))
        {
            return;
        }

        table.Place(now, node);
        if (!now.Identity.Equals(before.Identity) || !now.Requests.Amounts.SequenceEqual(before.Requests.Amounts))
        {
            // For those who wait it is as if another had taken its place.
            Wake(new ClusterChange(ChangeKind.PodWent, place, before));
            Wake(new ClusterChange(ChangeKind.PodCame, place, now));
        }
    }

    private void Waits(PodRequest pod)
    {
        if (pod.SchedulerName != scheduler || pod.IsGated)
        {
            return;
        }

        var before = queue.Find(pod.Uid)?.Marks.NominatedNode ?? "";
        if (pod.Marks.NominatedNode.Length == 0 && before.Length > 0)
        {
            Unnominate(pod.Uid);
        }
        else if (pod.Marks.NominatedNode != before && table.Placed(pod.Uid) is null)
        {
            table.Nominate(pod, pod.Marks.NominatedNode);
        }

        queue.Put(pod);
    }
}
