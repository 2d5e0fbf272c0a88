using System.Globalization;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Testing.Clusters;
using k8s.Models;

namespace GrainKube.Networking.Tests.ApiService;

public sealed class ApiServiceTests
{
    private static readonly ObjectKey Service = new("", "services", "default", "kubernetes");
    private static readonly ObjectKey Endpoints = new("", "endpoints", "default", "kubernetes");
    private static readonly ObjectKey Slice = new("discovery.k8s.io", "endpointslices", "default", "kubernetes");

    [Fact]
    public async Task The_service_leads_to_the_gateway_and_comes_back_when_it_is_deleted()
    {
        await using var cluster = await GrainKubeCluster.StartAsync(options => options with { NoNode = true, AdvertiseAddress = "192.0.2.77" });
        var port = cluster.Host.Address.Port;
        await SeenAsync(cluster, port);
        var service = (await cluster.GetAsync(Service))!.As<V1Service>();
        Assert.Equal(("10.96.0.1", 443, "https"), (service.Spec.ClusterIP, service.Spec.Ports[0].Port, service.Spec.Ports[0].Name));
        Assert.Equal(port.ToString(CultureInfo.InvariantCulture), service.Spec.Ports[0].TargetPort.Value);
        Assert.Equal("apiserver", service.Metadata.Labels["component"]);

        // Nothing more is written once all is right.
        var quiet = (await cluster.GetAsync(Slice))!.Revision;
        foreach (var key in (ObjectKey[])[Service, Endpoints, Slice])
        {
            await cluster.Objects.DeleteAsync(key, null, CancellationToken.None);
            await cluster.Objects.WaitForOwnWritesAsync(CancellationToken.None);
        }

        await SeenAsync(cluster, port);
        Assert.True((await cluster.GetAsync(Slice))!.Revision > quiet);
        Assert.Equal("10.96.0.1", (await cluster.GetAsync(Service))!.As<V1Service>().Spec.ClusterIP);
    }

    [Fact]
    public async Task The_range_of_services_is_an_object_that_stays_while_it_is_used()
    {
        await using var cluster = await GrainKubeCluster.StartAsync(options => options with { NoNode = true, ServiceCidr = "10.77.0.0/24" });
        var range = new ObjectKey("networking.k8s.io", "servicecidrs", "", "kubernetes");
        var item = (await cluster.GetAsync(range))!.As<V1ServiceCIDR>();
        Assert.Equal(["10.77.0.0/24"], item.Spec.Cidrs);
        Assert.Equal(("Ready", "True"), (item.Status.Conditions[0].Type, item.Status.Conditions[0].Status));

        await cluster.ApplyAsync((System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(
            """{"apiVersion":"networking.k8s.io/v1","kind":"ServiceCIDR","metadata":{"name":"more"},"spec":{"cidrs":["10.78.0.0/28"]}}""")!);
        await cluster.EventuallyAsync<V1ServiceCIDR>(c => c.Header.Name == "more" && c.Header.Finalizers.Count == 1, found => found.Count == 1 && found[0].As<V1ServiceCIDR>().Status?.Conditions is [{ Status: "True" }]);
        await cluster.ApplyAsync((System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(
            """{"apiVersion":"v1","kind":"Service","metadata":{"name":"there","namespace":"default"},"spec":{"clusterIP":"10.78.0.5","ports":[{"port":80}]}}""")!);
        var more = new ObjectKey(range.Group, range.Resource, "", "more");
        await cluster.Objects.DeleteAsync(more, null, CancellationToken.None);
        await cluster.EventuallyAsync<V1ServiceCIDR>(c => c.Header.Name == "more", found => found.Count == 1 && found[0].As<V1ServiceCIDR>().Status?.Conditions is [{ Status: "False", Reason: "Terminating" }]);
        await cluster.Objects.DeleteAsync(new ObjectKey("", "services", "default", "there"), null, CancellationToken.None);
        await cluster.EventuallyAsync<V1ServiceCIDR>(c => c.Header.Name == "more", found => found.Count == 0);
    }

    [Fact]
    public async Task An_address_object_that_was_deleted_by_hand_is_made_again()
    {
        await using var cluster = await GrainKubeCluster.StartAsync(options => options with { NoNode = true });
        var address = new ObjectKey("networking.k8s.io", "ipaddresses", "", "10.96.0.1");
        var before = (await cluster.GetAsync(address))!;
        await cluster.Objects.DeleteAsync(address, null, CancellationToken.None);
        await cluster.EventuallyAsync<V1IPAddress>(a => a.Key == address, found => found.Count == 1 && found[0].Header.Uid != before.Header.Uid);
    }

    private static async Task SeenAsync(GrainKubeCluster cluster, int port)
    {
        await cluster.EventuallyAsync<V1Service>(s => s.Key == Service, found => found.Count == 1);
        await cluster.EventuallyAsync<V1Endpoints>(
            e => e.Key == Endpoints, found => found.Count == 1 && found[0].As<V1Endpoints>().Subsets is [{ Addresses: [{ Ip: "192.0.2.77" }], Ports: [var only] }] && only.Port == port);
        await cluster.EventuallyAsync<V1EndpointSlice>(
            e => e.Key == Slice, found => found.Count == 1 && found[0].As<V1EndpointSlice>() is { Endpoints: [{ Addresses: ["192.0.2.77"] }], Ports: [var only] } && only.Port == port);
    }
}
