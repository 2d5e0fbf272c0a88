using System.Text.Json.Nodes;
using GrainKube.Controllers.Tests.Wire;
using Xunit;

namespace GrainKube.Controllers.Tests.Clients;

/// <summary>What kubectl and helm rely on in a whole cluster, where every plugin has its say.</summary>
[Collection(ClusterTests.Name)]
public sealed class ClientExpectationTests(ClusterFixture fixture)
{
    [Fact]
    public async Task Who_created_an_object_does_not_own_what_the_cluster_put_in()
    {
        var ns = (await fixture.Cluster.NamespaceAsync("owned")).Name;
        using var client = WireClient.Admin(fixture.Cluster);
        await client.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default"}}""");
        var pod = await client.PostAsync($"/api/v1/namespaces/{ns}/pods?fieldManager=me", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        var job = await client.PostAsync(
            $"/apis/batch/v1/namespaces/{ns}/jobs?fieldManager=me",
            """{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j"},"spec":{"suspend":true,"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}""");

        Assert.Equal("default", pod.Text("spec", "serviceAccountName"));
        var owned = Assert.Single(pod.Body["metadata"]!["managedFields"]!.AsArray())!["fieldsV1"]!["f:spec"]!.AsObject();
        Assert.Contains("f:dnsPolicy", owned.Select(f => f.Key)); // a default counts as sent
        Assert.DoesNotContain(owned, f => f.Key is "f:serviceAccountName" or "f:volumes" or "f:tolerations" or "f:priority");
        Assert.NotNull(job.Body["spec"]!["selector"]);
        Assert.Null(job.Body["metadata"]!["managedFields"]![0]!["fieldsV1"]!["f:spec"]!["f:selector"]);
    }

    [Fact]
    public async Task A_scale_is_shown_with_its_numbers()
    {
        var ns = (await fixture.Cluster.NamespaceAsync("scaled")).Name;
        using var client = WireClient.Admin(fixture.Cluster);
        await client.PostAsync(
            $"/apis/apps/v1/namespaces/{ns}/replicasets",
            """{"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"r"},"spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        client.Headers.Add("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io");
        var table = await client.GetAsync($"/apis/apps/v1/namespaces/{ns}/replicasets/r/scale");
        Assert.Equal(["Name", "Desired", "Available", "Age"], table.Body["columnDefinitions"]!.AsArray().Select(c => (string?)c!["name"]));
        Assert.Equal("""["r",0,0]""", new JsonArray([.. table.Body["rows"]![0]!["cells"]!.AsArray().Take(3).Select(c => c!.DeepClone())]).ToJsonString());
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default/endpoints", "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")]
    [InlineData("/api/v1/componentstatuses", "v1 ComponentStatus is deprecated in v1.19+")]
    public async Task Users_of_what_is_deprecated_are_told(string path, string warning)
    {
        using var client = WireClient.Admin(fixture.Cluster);
        Assert.Equal([warning], (await client.GetAsync(path)).Warnings);
    }

    [Fact]
    public async Task The_components_say_how_they_do()
    {
        using var client = WireClient.Admin(fixture.Cluster);
        var list = await client.GetAsync("/api/v1/componentstatuses");
        Assert.Equal(["controller-manager", "etcd-0", "scheduler"], list.Body["items"]!.AsArray().Select(c => (string?)c!["metadata"]!["name"]));
        Assert.All(list.Body["items"]!.AsArray(), c => Assert.Equal("""[{"type":"Healthy","status":"True","message":"ok"}]""", c!["conditions"]!.ToJsonString()));
        var one = await client.GetAsync("/api/v1/componentstatuses/scheduler");
        Assert.Equal(("ComponentStatus", "scheduler"), (one.Text("kind"), one.Text("metadata", "name")));
        Assert.Equal(404, (await client.GetAsync("/api/v1/componentstatuses/nobody")).Code);
    }
}
