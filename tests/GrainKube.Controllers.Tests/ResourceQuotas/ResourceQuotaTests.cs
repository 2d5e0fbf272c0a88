using GrainKube.ApiMachinery.Objects;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.ResourceQuotas;

[Collection(ClusterTests.Name)]
public sealed class ResourceQuotaTests(ClusterFixture fixture)
{
    [Fact]
    public async Task However_many_create_at_once_the_quota_is_filled_exactly_and_never_exceeded()
    {
        var ns = await NewAsync("""{"pods":"5","requests.cpu":"1","count/pods":"10"}""");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => TryAsync(ns, Pod($"p{i}", "100m"))));
        Assert.Equal(5, outcomes.Count(o => o is null));
        Assert.All(outcomes.OfType<Status>(), refusal => Assert.Equal(403, refusal.Code));
        await UsedAsync(ns, ("pods", "5"), ("requests.cpu", "500m"), ("count/pods", "5"));

        var last = await TryAsync(ns, Pod("late", "100m"));
        Assert.Equal("pods \"late\" is forbidden: exceeded quota: quota, requested: pods=1, used: pods=5, limited: pods=5", last?.Message);
        await ns.DeleteAnyAsync<V1Pod>("app=counted");
        await UsedAsync(ns, ("pods", "4"), ("requests.cpu", "400m"));
        Assert.Null(await TryAsync(ns, Pod("late", "100m")));
    }

    [Fact]
    public async Task A_container_must_say_what_is_counted()
    {
        var ns = await NewAsync("""{"limits.cpu":"1","requests.memory":"1Gi"}""");
        Assert.Equal(
            "pods \"it\" is forbidden: failed quota: quota: must specify limits.cpu for: main; requests.memory for: main", (await TryAsync(ns, Sample.Pod("it")))?.Message);
    }

    [Fact]
    public async Task Services_claims_and_other_objects_are_counted_and_come_back()
    {
        var ns = await NewAsync("""{"services":"3","services.nodeports":"1","persistentvolumeclaims":"1","requests.storage":"2Gi","gold.storageclass.storage.k8s.io/requests.storage":"1Gi","configmaps":"3","count/deployments.apps":"1"}""");
        await UsedAsync(ns, ("services", "0"), ("configmaps", "1")); // kube-root-ca.crt
        Assert.Null(await TryAsync(ns, Sample.ConfigMap("one")));
        Assert.Null(await TryAsync(ns, Sample.Deployment("web", 0)));
        Assert.Equal(
            "deployments.apps \"more\" is forbidden: exceeded quota: quota, requested: count/deployments.apps=1, used: count/deployments.apps=1, limited: count/deployments.apps=1",
            (await TryAsync(ns, Sample.Deployment("more", 0)))?.Message);
        var refusal = await TryAsync(ns, PersistentVolumes.VolumeObjects.Claim("data", "2Gi", "\"gold\""));
        Assert.Contains("requested: gold.storageclass.storage.k8s.io/requests.storage=2Gi, used: gold.storageclass.storage.k8s.io/requests.storage=0", refusal?.Message, StringComparison.Ordinal);
        Assert.Null(await TryAsync(ns, PersistentVolumes.VolumeObjects.Claim("data", "1Gi", "\"gold\"")));
        await UsedAsync(ns, ("requests.storage", "1Gi"), ("persistentvolumeclaims", "1"), ("configmaps", "2"), ("count/deployments.apps", "1"));
        await ns.DeleteAsync<V1ConfigMap>("one");
        await ns.DeleteAsync<V1Deployment>("web");
        await UsedAsync(ns, ("configmaps", "1"), ("count/deployments.apps", "0"));
    }

    [Fact]
    public async Task Objects_of_a_kind_that_came_later_come_back_too()
    {
        var group = $"quota{Guid.NewGuid():N}.example.com";
        var crd = await fixture.Cluster.Objects.CreateAsync(
            Sample.Parse($$$"""
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"toys.{{{group}}}"},
                 "spec":{"group":"{{{group}}}","scope":"Namespaced","names":{"plural":"toys","kind":"Toy"},
                 "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"} } }] } }
                """),
            CancellationToken.None);
        var ns = await NewAsync($$"""{"count/toys.{{group}}":"1"}""");
        var toy = Sample.Parse($$"""{"apiVersion":"{{group}}/v1","kind":"Toy","metadata":{"name":"one","namespace":"{{ns.Name}}"} }""");
        var key = new ObjectKey(group, "toys", ns.Name, "one");
        await fixture.Cluster.EventuallyAsync<V1CustomResourceDefinition>(o => o.Key == crd.Key, _ => fixture.Cluster.Objects.Cache.TryKind(key.GroupResource) is not null);
        Assert.Null(await TryAsync(ns, toy));
        await UsedAsync(ns, ($"count/toys.{group}", "1"));
        await fixture.Cluster.Objects.DeleteAsync(key, null, CancellationToken.None);
        await UsedAsync(ns, ($"count/toys.{group}", "0"));
        await fixture.Cluster.Objects.DeleteAsync(crd.Key, null, CancellationToken.None);
    }

    [Theory]
    [InlineData("\"scopes\":[\"BestEffort\"],", "1", "0")]
    [InlineData("\"scopes\":[\"NotBestEffort\"],", "0", "1")]
    [InlineData("\"scopes\":[\"Terminating\"],", "0", "0")]
    [InlineData("\"scopes\":[\"NotTerminating\"],", "1", "1")]
    [InlineData("\"scopeSelector\":{\"matchExpressions\":[{\"scopeName\":\"PriorityClass\",\"operator\":\"In\",\"values\":[\"none\"]}]},", "0", "0")]
    public async Task A_scope_counts_only_its_pods(string scopes, string idle, string asking)
    {
        var ns = await NewAsync("""{"pods":"5"}""", scopes);
        Assert.Null(await TryAsync(ns, Sample.Pod("idle")));
        await UsedAsync(ns, ("pods", idle));
        await ns.DeleteAsync<V1Pod>("idle", grace: 0);
        await UsedAsync(ns, ("pods", "0"));
        Assert.Null(await TryAsync(ns, Pod("asking", "1m")));
        await UsedAsync(ns, ("pods", asking));
    }

    [Fact]
    public async Task A_quota_that_changes_is_counted_anew()
    {
        var ns = await NewAsync("""{"pods":"5"}""");
        Assert.Null(await TryAsync(ns, Sample.Pod("it")));
        await ns.PatchAsync<V1ResourceQuota>("quota", """{"spec":{"hard":{"pods":null,"configmaps":"7"}}}""");
        var quota = await ns.EventuallyOneAsync<V1ResourceQuota>("quota", q => q.Status.Hard.ContainsKey("configmaps") && q.Status.Used.ContainsKey("configmaps"));
        Assert.Equal(["configmaps"], quota.Status.Hard.Keys);
        Assert.Equal(["configmaps"], quota.Status.Used.Keys);
    }

    [Fact]
    public async Task Limits_that_somebody_writes_into_the_status_do_not_stay()
    {
        var ns = await NewAsync("""{"pods":"5"}""");
        await ns.PatchAsync<V1ResourceQuota>("quota", """{"status":{"hard":{"pods":"9","cpu":"2"}}}""", "status");
        await ns.EventuallyOneAsync<V1ResourceQuota>("quota", q => q.Status.Hard is { Count: 1 } hard && hard["pods"].ToString() == "5");
    }

    private async Task<TestNamespace> NewAsync(string hard, string scopes = "")
    {
        var ns = await fixture.Cluster.NamespaceAsync("quota");
        await ns.EventuallyOneAsync<V1ConfigMap>("kube-root-ca.crt", _ => true);
        await ns.ApplyAsync(Sample.Parse($$"""{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"quota"},"spec":{ {{scopes}}"hard":{{hard}} } }"""));
        await ns.EventuallyOneAsync<V1ResourceQuota>("quota", q => q.Status?.Used?.Count == JsonNode.Parse(hard)!.AsObject().Count);
        return ns;
    }

    private static async Task<Status?> TryAsync(TestNamespace ns, JsonObject item)
    {
        try
        {
            item["metadata"]!["namespace"] = ns.Name;
            await ns.Cluster.Objects.CreateAsync(item, CancellationToken.None);
            return null;
        }
        catch (ApiException refused)
        {
            return refused.Status;
        }
    }

    private static Task UsedAsync(TestNamespace ns, params (string Name, string Amount)[] used) =>
        ns.EventuallyOneAsync<V1ResourceQuota>("quota", q => used.All(u => q.Status.Used.TryGetValue(u.Name, out var now) && now.ToString() == u.Amount));

    private static JsonObject Pod(string name, string cpu)
    {
        var pod = Sample.Pod(name, """{"app":"counted"}""", "\"terminationGracePeriodSeconds\":0");
        pod["spec"]!["containers"]![0]!["resources"] = Sample.Parse($$"""{"requests":{"cpu":"{{cpu}}"} }""");
        return pod;
    }
}
