using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.FlowControl;

[Collection(ClusterTests.Name)]
public sealed class FlowControlTests(ClusterFixture fixture)
{
    private GrainKubeCluster Cluster => fixture.Cluster;

    [Fact]
    public async Task What_every_cluster_has_is_kept_as_it_is()
    {
        var levels = await Cluster.EventuallyAsync<V1PriorityLevelConfiguration>(_ => true, all => all.Count >= 8);
        Assert.Superset(
            new HashSet<string>(["exempt", "catch-all", "system", "node-high", "leader-election", "workload-high", "workload-low", "global-default"]), levels.Select(l => l.Key.Name).ToHashSet());
        await SchemaAsync("service-accounts", s => Condition(s) == "Found");

        // A mandatory one, whatever is said.
        var refused = await Assert.ThrowsAsync<ApiException>(() => Cluster.PatchAsync(Level("catch-all"), """{"spec":{"limited":{"nominalConcurrencyShares":99}}}"""));
        Assert.EndsWith("spec of 'catch-all' must equal the fixed value", refused.Message, StringComparison.Ordinal);
        await Cluster.PatchAsync(Level("catch-all"), """{"metadata":{"annotations":{"apf.kubernetes.io/autoupdate-spec":"false"}}}""");
        await LevelAsync("catch-all", l => l.Metadata.Annotations["apf.kubernetes.io/autoupdate-spec"] == "true");
        await Cluster.PatchAsync(Level("exempt"), """{"metadata":{"annotations":{"apf.kubernetes.io/autoupdate-spec":"false"}},"spec":{"exempt":{"lendablePercent":5}}}""");
        await LevelAsync("exempt", l => l.Metadata.Annotations["apf.kubernetes.io/autoupdate-spec"] == "true" && l.Spec.Exempt.LendablePercent == 5); // what it lends is the cluster's own affair
        await Cluster.Objects.DeleteAsync(Schema("probes"), null, CancellationToken.None);
        await SchemaAsync("probes", s => s.Spec.MatchingPrecedence == 2);

        // A suggested one: ours, until somebody says that it is his.
        await Cluster.PatchAsync(Level("leader-election"), """{"spec":{"limited":{"nominalConcurrencyShares":11}}}""");
        await LevelAsync("leader-election", l => l.Spec.Limited.NominalConcurrencyShares == 10);
        await Cluster.PatchAsync(Level("leader-election"), """{"metadata":{"annotations":{"apf.kubernetes.io/autoupdate-spec":"false"}},"spec":{"limited":{"nominalConcurrencyShares":12}}}""");
        await Cluster.PatchAsync(Level("leader-election"), """{"metadata":{"annotations":{"apf.kubernetes.io/autoupdate-spec":"true"}}}""");
        await LevelAsync("leader-election", l => l.Spec.Limited.NominalConcurrencyShares == 10);
    }

    [Fact]
    public async Task A_schema_says_whether_its_level_is_there()
    {
        await Cluster.ApplyAsync(Sample.Parse("""{"apiVersion":"flowcontrol.apiserver.k8s.io/v1","kind":"FlowSchema","metadata":{"name":"dangling"},"spec":{"priorityLevelConfiguration":{"name":"later"}}}"""));
        var dangling = await SchemaAsync("dangling", s => Condition(s) == "NotFound");
        Assert.Equal((1000, "This FlowSchema references the PriorityLevelConfiguration object named \"later\" but there is no such object"), (dangling.Spec.MatchingPrecedence, dangling.Status.Conditions[0].Message));
        await Cluster.ApplyAsync(Sample.Parse("""{"apiVersion":"flowcontrol.apiserver.k8s.io/v1","kind":"PriorityLevelConfiguration","metadata":{"name":"later"},"spec":{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{}}}}}"""));
        await SchemaAsync("dangling", s => Condition(s) == "Found");
        var made = await LevelAsync("later", _ => true);
        Assert.Equal((30, 64, 8, 50), (made.Spec.Limited.NominalConcurrencyShares, made.Spec.Limited.LimitResponse.Queuing.Queues, made.Spec.Limited.LimitResponse.Queuing.HandSize, made.Spec.Limited.LimitResponse.Queuing.QueueLengthLimit));
        await Cluster.Objects.DeleteAsync(Schema("dangling"), null, CancellationToken.None);
        await Cluster.Objects.DeleteAsync(Level("later"), null, CancellationToken.None);
    }

    private static ObjectKey Schema(string name) => new("flowcontrol.apiserver.k8s.io", "flowschemas", "", name);

    private static ObjectKey Level(string name) => new("flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations", "", name);

    private static string? Condition(V1FlowSchema schema) => schema.Status?.Conditions?.FirstOrDefault(c => c.Type == "Dangling")?.Reason;

    private async Task<V1FlowSchema> SchemaAsync(string name, Func<V1FlowSchema, bool> condition) =>
        (await Cluster.EventuallyAsync<V1FlowSchema>(o => o.Key.Name == name, items => items.Count == 1 && condition(items[0].As<V1FlowSchema>())))[0].As<V1FlowSchema>();

    private async Task<V1PriorityLevelConfiguration> LevelAsync(string name, Func<V1PriorityLevelConfiguration, bool> condition) =>
        (await Cluster.EventuallyAsync<V1PriorityLevelConfiguration>(o => o.Key.Name == name, items => items.Count == 1 && condition(items[0].As<V1PriorityLevelConfiguration>())))[0].As<V1PriorityLevelConfiguration>();
}
