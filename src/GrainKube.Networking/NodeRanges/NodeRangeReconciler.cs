using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace GrainKube.Networking.NodeRanges;

/// <summary>Gives every Node without a range of pod addresses one of the cluster's.</summary>
/// <remarks>
/// There is one key for all nodes, so that choices are made one after another; each sees every write before it, and commits only while the slice's epoch stands. Thus no range is given
/// twice, whoever crashes.
/// </remarks>
internal sealed class NodeRangeReconciler(WatchCache cache, IOptions<NodeRangeOptions> options) : IReconciler
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);
    private static readonly GroupResource Nodes = new("", "nodes");
    private static readonly ObjectKey All = new("", "nodes", "", "all");

    public string Name => "nodeipam";

    public string Identity => "node-controller";

    public int Slices => 1;

    public void Configure(ReconcilerWiring wiring) => wiring
        .Watches<V1Node>(change => change.After is null || RangesOf(change.After).Count == 0 ? [All] : [])
        .StartingWith(() => [All]);

    public async Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        await cache.WaitUntilCurrentAsync(cancel);
        var nodes = cache.Kind(Nodes).Snapshot.All.Where(n => n.Header.DeletionTimestamp is null || RangesOf(n).Count > 0).ToList();
        if (nodes.All(n => RangesOf(n).Count > 0))
        {
            return Outcome.Done;
        }

        var ordered = nodes.OrderBy(n => n.Header.CreationTimestamp).ThenBy(n => n.Header.Name, StringComparer.Ordinal).Select(n => (n.Header.Name, RangesOf(n)));
        var plan = NodeRangePlan.For(IPNetwork.Parse(options.Value.ClusterCidr), ordered);
        var again = false;
        foreach (var (name, range) in plan.Given)
        {
            again |= !await GiveAsync(name, range, context, cancel);
        }

        if (plan.Left.Count > 0 && cache.Get(All with { Name = plan.Left[0] }) is { } left)
        {
            context.Events.Normal(left, "CIDRNotAvailable", $"Node {left.Header.Name} status is now: CIDRNotAvailable");
        }

        return again ? Outcome.WakeIn(Again) : Outcome.Done;
    }

    private async Task<bool> GiveAsync(string name, string range, ReconcileContext context, CancellationToken cancel)
    {
        if (cache.Get(All with { Name = name }) is not { } node)
        {
            return true;
        }

        try
        {
            var patch = new JsonObject { ["spec"] = new JsonObject { ["podCIDR"] = range, ["podCIDRs"] = new JsonArray(range) } };
            await context.Objects.PatchAsync(node.Key, patch, "", new Preconditions(node.Header.Uid), cancel);
            return true;
        }
        catch (ApiException changed) when (changed.Status.Code is 404 or 409 or 422)
        {
            return false; // it is gone, or has a range now
        }
    }

    private static IReadOnlyList<string> RangesOf(KubeObject node) => node.Derive(NodeRanges.Of).List;

    private sealed record NodeRanges(IReadOnlyList<string> List)
    {
        public static NodeRanges Of(KubeObject node)
        {
            using var json = JsonDocument.Parse(node.Json);
            if (!json.RootElement.TryGetProperty("spec", out var spec) || spec.ValueKind != JsonValueKind.Object)
            {
                return new NodeRanges([]);
            }

            return spec.TryGetProperty("podCIDRs", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
                ? new NodeRanges([.. list.EnumerateArray().Select(e => e.GetString() ?? "")])
                : new NodeRanges(spec.TryGetProperty("podCIDR", out var single) && single.GetString() is { Length: > 0 } range ? [range] : []);
        }
    }
}
