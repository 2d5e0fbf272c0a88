using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes;
using GrainKube.Reconciliation.Slices;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Reconciliation.Tests.Slices;

public sealed class ReconcilerSliceTests : IAsyncLifetime
{
    private GrainKubeCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await GrainKubeCluster.StartAsync(
        options => options with { NoNode = true, Controllers = ["echo"] }, services => services.AddReconciler<Echo>());

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task A_change_wakes_its_key()
    {
        var ns = await cluster.NamespaceAsync();
        await ns.ApplyAsync(Said("a", "hello"));
        await ns.EventuallyOneAsync<V1ConfigMap>("a", m => Heard(m) == "hello");

        await ns.ApplyAsync(Said("a", "again"));

        await ns.EventuallyOneAsync<V1ConfigMap>("a", m => Heard(m) == "again");
    }

    [Fact]
    public async Task Who_lost_the_epoch_writes_nothing_and_its_successor_looks_at_every_key()
    {
        var ns = await cluster.NamespaceAsync();
        await ns.ApplyAsync(Said("a", "hello"));
        await ns.EventuallyOneAsync<V1ConfigMap>("a", m => Heard(m) == "hello");
        var stolen = await Epoch.TakeAsync(cluster.Service<IObjectStore>(), "echo/0", "somebody else", TimeProvider.System, CancellationToken.None);

        await ns.ApplyAsync(Said("a", "unheard"));

        // The slice notices by its refused write and goes; whoever touches it next starts it anew, with an epoch of its own.
        while (await HolderAsync(stolen) && Heard(await ns.GetAsync<V1ConfigMap>("a")) == "hello")
        {
            await cluster.Service<IGrainFactory>().GetGrain<IReconcilerGrain>("echo/0").StartAsync();
        }

        await ns.EventuallyOneAsync<V1ConfigMap>("a", m => Heard(m) == "unheard");
        Assert.False(await HolderAsync(stolen));
    }

    private async Task<bool> HolderAsync(WriterFence fence) => (await cluster.Service<IObjectStore>().GetAsync(fence.Key, CancellationToken.None))!.Revision == fence.Revision;

    private static string? Heard(V1ConfigMap map) => map.Data is { } data && data.TryGetValue("heard", out var heard) ? heard : null;

    private static JsonObject Said(string name, string text)
    {
        var map = Sample.ConfigMap(name);
        map["data"] = new JsonObject { ["said"] = text };
        return map;
    }

    private sealed class Echo : Reconciler<V1ConfigMap>
    {
        public override string Name => "echo";

        // One that RBAC lets write anything; objects are asked in the grain, not at the gateway.
        public override string Identity => "echo";

        protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1ConfigMap view, ReconcileContext context, CancellationToken cancel)
        {
            if (view.Data is { } data && data.TryGetValue("said", out var said) && (!data.TryGetValue("heard", out var heard) || heard != said))
            {
                await context.Objects.PatchAsync(item.Key, new JsonObject { ["data"] = new JsonObject { ["heard"] = said } }, "", null, cancel);
            }

            return Outcome.Done;
        }
    }
}
