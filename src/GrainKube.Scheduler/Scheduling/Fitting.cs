using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Plugins;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>The filters at work for one pod. Other pods can be moved in thought, to see what that would change; whoever moves one moves it back.</summary>
internal sealed class Fitting(PodRequest pod, IFilterPlugin[] filters)
{
    private readonly IWorldFilterPlugin[] followers = [.. filters.OfType<IWorldFilterPlugin>()];

    public PodRequest Pod => pod;

    /// <summary>The node can take the pod, both with and without the pods that room is kept for there: they may come or not.</summary>
    public bool Fits(NodeState node) => node.Nominated.Count == 0 ? First(node, null) is null : RefuserOn(node, null) is null;

    /// <summary>The filter that refuses the node, or null where it can take the pod.</summary>
    public IFilterPlugin? RefuserOn(NodeState node, ICollection<string>? reasons)
    {
        var guests = node.Nominated.Where(n => n.Uid != pod.Uid && n.Priority >= pod.Priority).ToList();
        if (guests.Count == 0)
        {
            return First(node, reasons);
        }

        guests.ForEach(g => Move(g, node, 1));
        var refuser = First(node, reasons);
        guests.ForEach(g => Move(g, node, -1));
        return refuser ?? First(node, reasons);
    }

    /// <summary>Puts a pod there (1) or takes it away (-1), in thought.</summary>
    public void Move(PodRequest other, NodeState node, int sign)
    {
        node.Count(other, sign);
        foreach (var follower in followers)
        {
            follower.Moved(pod, other, node, sign);
        }
    }

    private IFilterPlugin? First(NodeState node, ICollection<string>? reasons)
    {
        foreach (var filter in filters)
        {
            if (!filter.Fits(pod, node, reasons))
            {
                return filter;
            }
        }

        return null;
    }
}
