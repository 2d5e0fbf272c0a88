using GrainKube.ApiMachinery.Errors;

namespace GrainKube.Objects.Nodes;

/// <summary>Asks kubelets what their nodes and pods use; a node that does not answer in time is left out.</summary>
public sealed class ClusterUsage(IGrainFactory grains, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The use of each of these nodes that answers.</summary>
    public async Task<IReadOnlyDictionary<string, NodeUsage>> OfAsync(IEnumerable<string> nodes, CancellationToken cancel)
    {
        var answers = await Task.WhenAll(nodes.Distinct().Select(async node => (node, usage: await AskAsync(node, cancel))));
        return answers.Where(a => a.usage is not null).ToDictionary(a => a.node, a => a.usage!);
    }

    private async Task<NodeUsage?> AskAsync(string node, CancellationToken cancel)
    {
        try
        {
            return await grains.GetGrain<IKubeletGrain>(node).GetUsageAsync().WaitAsync(Patience, time, cancel);
        }
        catch (Exception silent) when (silent is TimeoutException or OrleansException or OrleansMessageRejectionException or ApiException)
        {
            // No kubelet of ours, a silo that is gone, an engine that does not answer: there are no figures.
            return null;
        }
    }
}
