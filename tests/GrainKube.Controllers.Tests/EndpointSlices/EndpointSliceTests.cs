using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.EndpointSlices;

[Collection(ClusterTests.Name)]
public sealed class EndpointSliceTests(ClusterFixture fixture)
{
    private const string OfWeb = "kubernetes.io/service-name=web";

    [Fact]
    public async Task A_service_without_pods_has_an_empty_slice_and_endpoints_and_loses_both_with_its_end()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Service("web", """ "selector":{"app":"web"},"ports":[{"port":80}]"""));

        var slice = (await ns.EventuallyAsync<V1EndpointSlice>(OfWeb, all => all.Count == 1))[0];
        Assert.Equal("endpointslice-controller.k8s.io", slice.Metadata.Labels["endpointslice.kubernetes.io/managed-by"]);
        Assert.StartsWith("web-", slice.Metadata.Name);
        Assert.Equal("web-", slice.Metadata.GenerateName);
        Assert.Equal("IPv4", slice.AddressType);
        var owner = Assert.Single(slice.Metadata.OwnerReferences);
        Assert.Equal(("v1", "Service", "web", true, true), (owner.ApiVersion, owner.Kind, owner.Name, owner.Controller, owner.BlockOwnerDeletion));
        await ns.EventuallyOneAsync<V1Endpoints>("web", e => e.Subsets is not { Count: > 0 });

        await ns.DeleteAsync<V1Service>("web");

        await ns.GoneAsync<V1Endpoints>("web");
        await ns.EventuallyAsync<V1EndpointSlice>(OfWeb, all => all.Count == 0);
    }

    [Fact]
    public async Task Pods_appear_with_their_ports_node_and_reference_and_leave_when_they_go()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Service("web", """ "selector":{"app":"web"},"ports":[{"name":"a","port":80,"targetPort":"http","appProtocol":"h2c"},{"name":"b","port":53,"targetPort":5353,"protocol":"UDP"}]"""));
        await ns.ApplyAsync(Pod("one", "web", 8080));
        await ns.ApplyAsync(Pod("two", "web", 8080));
        await ns.ApplyAsync(Pod("other", "other", 8080));

        var slice = (await ns.EventuallyAsync<V1EndpointSlice>(OfWeb, all => all is [{ Endpoints: [{ Conditions.Ready: true }, { Conditions.Ready: true }] }]))[0];
        Assert.Equal([("a", "TCP", 8080, "h2c"), ("b", "UDP", 5353, null)], slice.Ports.Select(p => (p.Name, p.Protocol, p.Port!.Value, (string?)p.AppProtocol)));
        var pod = await ns.GetAsync<V1Pod>("one");
        var endpoint = slice.Endpoints.Single(e => e.TargetRef.Name == "one");
        Assert.Equal([pod.Status.PodIP], endpoint.Addresses);
        Assert.Equal(("Pod", ns.Name, pod.Metadata.Uid), (endpoint.TargetRef.Kind, endpoint.TargetRef.NamespaceProperty, endpoint.TargetRef.Uid));
        Assert.Equal(pod.Spec.NodeName, endpoint.NodeName);
        Assert.Equal((true, false), (endpoint.Conditions.Serving, endpoint.Conditions.Terminating));
        var endpoints = await ns.EventuallyOneAsync<V1Endpoints>("web", e => e.Subsets is [{ Addresses.Count: 2 }]);
        Assert.Equal(["a", "b"], endpoints.Subsets[0].Ports.Select(p => p.Name));
        Assert.Equal("endpoint-controller", endpoints.Metadata.Labels["endpoints.kubernetes.io/managed-by"]);

        await ns.DeleteAsync<V1Pod>("one", grace: 0);

        await ns.EventuallyAsync<V1EndpointSlice>(OfWeb, all => all is [{ Endpoints: [{ TargetRef.Name: "two" }] }]);
        await ns.EventuallyOneAsync<V1Endpoints>("web", e => e.Subsets is [{ Addresses: [{ TargetRef.Name: "two" }] }]);
    }

    [Fact]
    public async Task Pods_whose_named_port_differs_are_in_slices_of_their_own()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Service("web", """ "selector":{"app":"web"},"ports":[{"port":80,"targetPort":"http"}]"""));
        await ns.ApplyAsync(Pod("one", "web", 8080));
        await ns.ApplyAsync(Pod("two", "web", 9090));

        var slices = await ns.EventuallyAsync<V1EndpointSlice>(OfWeb, all => all.Count == 2 && all.All(s => s.Endpoints is [{ Conditions.Ready: true }]));

        Assert.Equal([8080, 9090], slices.Select(s => s.Ports[0].Port!.Value).Order());
        await ns.EventuallyOneAsync<V1Endpoints>("web", e => e.Subsets is { Count: 2 });
    }

    [Fact]
    public async Task Readiness_is_followed_and_unready_addresses_are_published_on_request()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Service("web", """ "selector":{"app":"web"},"ports":[{"port":80}]"""));
        await ns.ApplyAsync(Service("all", """ "selector":{"app":"web"},"clusterIP":"None","publishNotReadyAddresses":true,"ports":[{"port":80}]"""));
        var pod = Pod("one", "web", 8080);
        pod["spec"]!["readinessGates"] = new JsonArray(new JsonObject { ["conditionType"] = "test/open" });
        await ns.ApplyAsync(pod);

        await ns.EventuallyAsync<V1EndpointSlice>(OfWeb, all => all is [{ Endpoints: [{ Conditions: { Ready: false, Serving: false } }] }]);
        await ns.EventuallyOneAsync<V1Endpoints>("web", e => e.Subsets is [{ Addresses: null or { Count: 0 }, NotReadyAddresses.Count: 1 }]);
        var headless = (await ns.EventuallyAsync<V1EndpointSlice>("kubernetes.io/service-name=all", all => all is [{ Endpoints: [{ Conditions: { Ready: true, Serving: false } }] }]))[0];
        Assert.Equal("", headless.Metadata.Labels["service.kubernetes.io/headless"]);
        await ns.EventuallyOneAsync<V1Endpoints>("all", e => e.Subsets is [{ Addresses.Count: 1 }] && e.Metadata.Labels.ContainsKey("service.kubernetes.io/headless"));

        await ns.PatchAsync<V1Pod>("one", """{"status":{"conditions":[{"type":"test/open","status":"True"}]} }""", "status");

        var slice = (await ns.EventuallyAsync<V1EndpointSlice>(OfWeb, all => all is [{ Endpoints: [{ Conditions: { Ready: true, Serving: true } }] }]))[0];
        var turned = (await ns.GetAsync<V1Pod>("one")).Status.Conditions.Single(c => c.Type == "Ready").LastTransitionTime!.Value;
        Assert.Equal($"{turned:yyyy-MM-dd'T'HH:mm:ss'Z'}", slice.Metadata.Annotations["endpoints.kubernetes.io/last-change-trigger-time"]);
        await ns.EventuallyOneAsync<V1Endpoints>("web", e => e.Subsets is [{ Addresses.Count: 1 }]);
    }

    [Fact]
    public async Task A_headless_service_without_ports_names_its_pods()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Service("peers", """ "selector":{"app":"web"},"clusterIP":"None" """));
        var pod = Pod("one", "web", 8080);
        pod["spec"]!["hostname"] = "first";
        pod["spec"]!["subdomain"] = "peers";
        await ns.ApplyAsync(pod);

        var slice = (await ns.EventuallyAsync<V1EndpointSlice>("kubernetes.io/service-name=peers", all => all is [{ Endpoints: [{ Conditions.Ready: true }] }]))[0];

        Assert.Equal("first", slice.Endpoints[0].Hostname);
        Assert.True(slice.Ports is not { Count: > 0 });
        await ns.EventuallyOneAsync<V1Endpoints>("peers", e => e.Subsets is [{ Addresses: [{ Hostname: "first" }], Ports: null or { Count: 0 } }]);
    }

    [Fact]
    public async Task Labels_and_ports_of_the_service_are_followed_and_a_foreign_change_is_undone()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Service("web", """ "selector":{"app":"web"},"ports":[{"port":80}]"""));
        await ns.ApplyAsync(Pod("one", "web", 8080));
        var first = (await ns.EventuallyAsync<V1EndpointSlice>(OfWeb, all => all is [{ Endpoints: [{ Conditions.Ready: true }] }]))[0];

        await ns.PatchAsync<V1Service>("web", """{"metadata":{"labels":{"team":"red"} },"spec":{"ports":[{"port":80,"targetPort":81}]} }""");

        await ns.EventuallyAsync<V1EndpointSlice>(OfWeb, all => all is [{ Ports: [{ Port: 81 }] } s] && s.Metadata.Name == first.Metadata.Name && s.Metadata.Labels["team"] == "red");

        await ns.PatchAsync<V1EndpointSlice>(first.Metadata.Name, """{"endpoints":[]}""");
        await ns.EventuallyAsync<V1EndpointSlice>(OfWeb, all => all is [{ Endpoints: [{ Conditions.Ready: true }] }]);
    }

    [Fact]
    public async Task Many_pods_fill_slices_of_a_hundred()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Service("web", """ "selector":{"app":"web"},"ports":[{"port":80}]"""));
        await ns.ApplyAsync(Sample.ReplicaSet("web", 130));

        var slices = await ns.EventuallyAsync<V1EndpointSlice>(OfWeb, all => all.Sum(s => s.Endpoints?.Count(e => e.Conditions.Ready == true) ?? 0) == 130, TimeSpan.FromSeconds(120));

        Assert.Equal(2, slices.Count);
        Assert.All(slices, s => Assert.InRange(s.Endpoints.Count, 1, 100));
        await ns.EventuallyOneAsync<V1Endpoints>("web", e => e.Subsets is [{ Addresses.Count: 130 }]);
    }

    private static JsonObject Service(string name, string spec) => Sample.Parse($$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{name}}"},"spec":{ {{spec}} } }""");

    private static JsonObject Pod(string name, string app, int port) => Sample.Parse(
        $$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{name}}","labels":{"app":"{{app}}"} },
         "spec":{"terminationGracePeriodSeconds":0,"containers":[{"name":"main","image":"app:1","ports":[{"name":"http","containerPort":{{port}}}]}]} }
        """);
}
