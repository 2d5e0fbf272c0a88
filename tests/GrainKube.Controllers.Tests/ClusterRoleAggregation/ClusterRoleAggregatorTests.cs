using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.ClusterRoleAggregation;

[Collection(ClusterTests.Name)]
public sealed class ClusterRoleAggregatorTests(ClusterFixture fixture)
{
    [Fact]
    public async Task A_role_gathers_the_rules_of_those_it_selects()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await fixture.Cluster.ApplyAsync(Sample.Parse(
            $$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"{{ns.Name}}-all"},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"to":"{{ns.Name}}"} }]},"rules":[]}"""));
        await fixture.Cluster.ApplyAsync(Sample.Parse(
            $$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"{{ns.Name}}-part","labels":{"to":"{{ns.Name}}"} },"rules":[{"apiGroups":["test.dev"],"resources":["widgets"],"verbs":["get"]}]}"""));

        await ns.EventuallyOneAsync<V1ClusterRole>($"{ns.Name}-all", r => r.Rules is [{ Resources: ["widgets"] }]);

        await fixture.Cluster.Objects.DeleteAsync(ns.Key<V1ClusterRole>($"{ns.Name}-part"), null, CancellationToken.None);
        await ns.EventuallyOneAsync<V1ClusterRole>($"{ns.Name}-all", r => r.Rules is not { Count: > 0 });
    }
}
