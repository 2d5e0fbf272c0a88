using GrainKube.Controllers.EndpointSliceMirroring;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.EndpointSliceMirroring;

[Collection(ClusterTests.Name)]
public sealed class EndpointSliceMirroringTests(ClusterFixture fixture)
{
    private const string OfDb = "kubernetes.io/service-name=db";

    [Fact]
    public async Task Endpoints_without_a_selecting_service_are_mirrored_changed_and_taken_away()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.Parse("""
            {"apiVersion":"v1","kind":"Endpoints","metadata":{"name":"db","labels":{"team":"red"},"annotations":{"note":"x"} },
             "subsets":[{"addresses":[{"ip":"10.1.2.3"}],"notReadyAddresses":[{"ip":"10.1.2.4","hostname":"h"}],"ports":[{"name":"sql","port":5432}]}]}
            """));
        await ns.ApplyAsync(Sample.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"db"},"spec":{"ports":[{"name":"sql","port":5432}]} }"""));

        var slice = (await ns.EventuallyAsync<V1EndpointSlice>(OfDb, all => all is [{ Endpoints.Count: 2 }]))[0];
        Assert.Equal(("endpointslicemirroring-controller.k8s.io", "red", "x"), (slice.Metadata.Labels["endpointslice.kubernetes.io/managed-by"], slice.Metadata.Labels["team"], slice.Metadata.Annotations["note"]));
        Assert.Equal(("Endpoints", "db"), (slice.Metadata.OwnerReferences[0].Kind, slice.Metadata.OwnerReferences[0].Name));
        Assert.Equal([("10.1.2.3", true, null), ("10.1.2.4", false, "h")], slice.Endpoints.Select(e => (e.Addresses[0], e.Conditions.Ready == true, (string?)e.Hostname)));

        await ns.PatchAsync<V1Endpoints>("db", """{"subsets":[{"addresses":[{"ip":"10.1.2.3"}],"ports":[{"name":"sql","port":5433}]}]}""");
        await ns.EventuallyAsync<V1EndpointSlice>(OfDb, all => all is [{ Endpoints: [{ Conditions.Ready: true }], Ports: [{ Port: 5433, Name: "sql" }] }]);

        await ns.DeleteAsync<V1Endpoints>("db");
        await ns.EventuallyAsync<V1EndpointSlice>(OfDb, all => all.Count == 0);
    }

    [Fact]
    public async Task Endpoints_that_say_so_are_not_mirrored()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"db"},"spec":{"ports":[{"port":5432}]} }"""));
        await ns.ApplyAsync(Sample.Parse("""{"apiVersion":"v1","kind":"Endpoints","metadata":{"name":"db"},"subsets":[{"addresses":[{"ip":"10.1.2.3"}],"ports":[{"port":5432}]}]}"""));
        await ns.EventuallyAsync<V1EndpointSlice>(OfDb, all => all.Count == 1);

        await ns.PatchAsync<V1Endpoints>("db", """{"metadata":{"labels":{"endpointslice.kubernetes.io/skip-mirror":"true"} } }""");

        await ns.EventuallyAsync<V1EndpointSlice>(OfDb, all => all.Count == 0);
    }

    [Fact]
    public async Task A_service_that_gets_a_selector_takes_over()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"db"},"spec":{"ports":[{"port":5432}]} }"""));
        await ns.ApplyAsync(Sample.Parse("""{"apiVersion":"v1","kind":"Endpoints","metadata":{"name":"db"},"subsets":[{"addresses":[{"ip":"10.1.2.3"}],"ports":[{"port":5432}]}]}"""));
        await ns.EventuallyAsync<V1EndpointSlice>(OfDb, all => all.Count == 1);

        await ns.PatchAsync<V1Service>("db", """{"spec":{"selector":{"app":"db"} } }""");

        await ns.EventuallyAsync<V1EndpointSlice>(OfDb, all => all is [{ Endpoints: null or { Count: 0 } } s] && s.Metadata.Labels["endpointslice.kubernetes.io/managed-by"] == "endpointslice-controller.k8s.io");
        await ns.EventuallyOneAsync<V1Endpoints>("db", e => e.Subsets is not { Count: > 0 });
    }

    [Fact]
    public void No_more_than_a_thousand_addresses_of_a_subset_and_none_that_is_no_address()
    {
        var endpoints = new V1Endpoints
        {
            Subsets = [new() { Addresses = [new V1EndpointAddress { Ip = "nonsense" }, .. Enumerable.Range(0, 1500).Select(n => new V1EndpointAddress { Ip = $"10.0.{n / 250}.{n % 250}" })] }],
        };

        var mirrored = MirroredSlices.Of(endpoints);

        Assert.Equal((1000, 1, 500), (mirrored.Groups.Sum(g => g.Endpoints.Count), mirrored.Invalid, mirrored.TooMany));
    }
}
