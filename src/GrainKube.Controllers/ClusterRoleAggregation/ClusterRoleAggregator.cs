using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.ClusterRoleAggregation;

/// <summary>Fills cluster roles that have an <c>aggregationRule</c> with the rules of the roles that it selects.</summary>
internal sealed class ClusterRoleAggregator(WatchCache cache) : Reconciler<V1ClusterRole>
{
    private static readonly GroupResource Roles = new("rbac.authorization.k8s.io", "clusterroles");

    public override string Name => "clusterrole-aggregation";

    public override string Identity => "clusterrole-aggregation-controller";

    public override void Configure(ReconcilerWiring wiring) => wiring.Reconciles<V1ClusterRole>().On(
        Roles, _ => cache.Kind(Roles).Snapshot.All.Where(r => r.As<V1ClusterRole>().AggregationRule is not null).Select(r => r.Key));

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1ClusterRole view, ReconcileContext context, CancellationToken cancel)
    {
        if (view.AggregationRule?.ClusterRoleSelectors is not { Count: > 0 } selectors)
        {
            return Outcome.Done;
        }

        var rules = new JsonArray();
        var selected = selectors.Select(s => LabelSelector.From(s)).ToList();
        foreach (var role in cache.Kind(Roles).Snapshot.All.Where(r => r.Key != item.Key && selected.Any(s => s.Matches(r.Header.Labels))))
        {
            foreach (var rule in role.ToNode()["rules"] as JsonArray ?? [])
            {
                if (!rules.Any(known => JsonNode.DeepEquals(known, rule)))
                {
                    rules.Add(rule!.DeepClone());
                }
            }
        }

        if (!JsonNode.DeepEquals(item.ToNode()["rules"] as JsonArray ?? [], rules))
        {
            await context.Objects.PatchAsync(item.Key, new JsonObject { ["rules"] = rules }, "", new Preconditions(item.Header.Uid), cancel);
        }

        return Outcome.Done;
    }
}
