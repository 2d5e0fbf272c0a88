using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Reconciliation.CustomResources;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Reconciliation.Tests.CustomResources;

public sealed class CustomResourceResidentsTests : IAsyncLifetime
{
    private GrainKubeCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await GrainKubeCluster.StartAsync(options => options with { NoNode = true }, services => services.AddReconciler<Greeter>());

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task A_reconcilers_kind_is_defined_and_its_objects_wake_it()
    {
        var ns = await cluster.NamespaceAsync();
        await ns.ApplyAsync(Hello("a"));

        var greeted = await ns.EventuallyOneAsync<Greeting>("a", g => g.Status?.Text is not null);
        Assert.Equal("Hello, you", greeted.Status!.Text);

        // What it made is its own, and a change of it wakes the reconciler, too.
        await ns.PatchAsync<V1ConfigMap>("a", """{"data":{"text":"rude"}}""");
        await ns.EventuallyOneAsync<V1ConfigMap>("a", m => m.Data["text"] == "Hello, you");
    }

    [Fact]
    public async Task An_owned_object_is_named_after_its_owner_and_what_is_no_longer_wanted_of_it_is_removed()
    {
        var ns = await cluster.NamespaceAsync();
        await ns.ApplyAsync(Hello("b", whom: "all"));
        var made = await ns.EventuallyOneAsync<V1ConfigMap>("b", m => m.Data.ContainsKey("whom"));
        var owner = Assert.Single(made.Metadata.OwnerReferences);
        Assert.Equal(("Greeting", "b", true), (owner.Kind, owner.Name, owner.Controller));

        await ns.PatchAsync<Greeting>("b", """{"spec":{"whom":null}}""");

        await ns.EventuallyOneAsync<V1ConfigMap>("b", m => !m.Data.ContainsKey("whom"));
    }

    private static JsonObject Hello(string name, string? whom = null) => Sample.Parse(
        $$"""{"apiVersion":"hello.example.org/v1","kind":"Greeting","metadata":{"name":"{{name}}"},"spec":{ {{(whom is null ? "" : $"\"whom\":\"{whom}\"")}} } }""");

    [KubernetesEntity(Group = "hello.example.org", ApiVersion = "v1", Kind = "Greeting", PluralName = "greetings")]
    private sealed class Greeting : CustomResource<GreetingSpec, GreetingStatus>;

    private sealed class GreetingSpec
    {
        public string? Whom { get; set; }
    }

    private sealed class GreetingStatus
    {
        public string? Text { get; set; }
    }

    private sealed class Greeter : Reconciler<Greeting>
    {
        public override string Name => "greeter";

        public override void Configure(ReconcilerWiring wiring) => wiring.Reconciles<Greeting>().Owns<V1ConfigMap>();

        protected override async Task<Outcome> ReconcileAsync(KubeObject item, Greeting view, ReconcileContext context, CancellationToken cancel)
        {
            var text = $"Hello, {view.Spec.Whom ?? "you"}";
            var data = new Dictionary<string, string> { ["text"] = text };
            if (view.Spec.Whom is { } whom)
            {
                data["whom"] = whom;
            }

            await context.ApplyAsync(item, new V1ConfigMap { Metadata = new V1ObjectMeta { Name = item.Header.Name }, Data = data }, cancel);
            await context.ApplyStatusAsync(item, new GreetingStatus { Text = text }, cancel);
            return Outcome.Done;
        }
    }
}
