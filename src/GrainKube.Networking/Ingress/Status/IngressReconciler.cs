using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Networking.Ingress.Routing;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Networking.Ingress.Status;

/// <summary>Tells the author of an Ingress where it is served, and what is wrong with it. The serving itself every node does from its own cache.</summary>
internal sealed class IngressReconciler(WatchCache cache) : Reconciler<V1Ingress>
{
    public override string Name => "ingress";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1Ingress>()
        .Watches<V1IngressClass>(_ => All())
        .Watches<V1Service>(change => In(change.Subject.Key.Namespace))
        .Watches<V1Secret>(change => In(change.Subject.Key.Namespace))
        .Watches<V1Node>(change => change.Before is null || change.After is null ? All() : []);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Ingress view, ReconcileContext context, CancellationToken cancel)
    {
        var world = new CachedWorld(cache);
        if (item.Header.DeletionTimestamp is not null || !IngressRules.IsOurs(view, world))
        {
            return Outcome.Done;
        }

        foreach (var problem in IngressProblems.Of(view, world))
        {
            context.Events.Warning(item, problem.Reason, problem.Message);
        }

        // An address is a promise. Where no backend is there yet, there is nothing to promise.
        if (!IngressRules.LeadsSomewhere(view, world))
        {
            return Outcome.Done;
        }

        var wanted = context.Objects.List<V1Node>().Select(n => AddressOf(n.As<V1Node>())).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var shown = (view.Status?.LoadBalancer?.Ingress ?? []).Select(i => i.Ip ?? "").ToList();
        if (!wanted.SequenceEqual(shown))
        {
            var patch = new JsonObject
            {
                ["status"] = new JsonObject
                {
                    ["loadBalancer"] = new JsonObject { ["ingress"] = new JsonArray([.. wanted.Select(ip => new JsonObject { ["ip"] = ip })]) },
                },
            };
            await context.Objects.PatchAsync(item.Key, patch, "status", new Preconditions(item.Header.Uid), cancel);
        }

        return Outcome.Done;
    }

    private static string? AddressOf(V1Node node) => (node.Status?.Addresses ?? []).FirstOrDefault(a => a.Type == "InternalIP")?.Address;

    private IEnumerable<ObjectKey> All() => cache.Kind(CachedWorld.Ingresses).Snapshot.All.Select(i => i.Key);

    private IEnumerable<ObjectKey> In(string ns) => cache.Kind(CachedWorld.Ingresses).Snapshot.In(ns).Select(i => i.Key);
}
