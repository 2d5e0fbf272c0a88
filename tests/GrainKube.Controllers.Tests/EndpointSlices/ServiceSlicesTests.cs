using GrainKube.Controllers.EndpointSlices;
using GrainKube.Controllers.ServiceEndpoints;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.EndpointSlices;

public sealed class ServiceSlicesTests
{
    [Theory]
    [InlineData(true, false, false, true, true)]
    [InlineData(true, true, false, false, true)]
    [InlineData(false, false, false, false, false)]
    [InlineData(false, true, true, true, false)]
    public void Ready_serving_and_terminating_are_told_apart(bool isReady, bool terminates, bool publishes, bool ready, bool serving)
    {
        var service = Service();
        service.Spec.PublishNotReadyAddresses = publishes;

        var endpoint = One(service, Pod("a", isReady, terminates ? ""","deletionTimestamp":"2026-01-01T00:00:00Z" """ : ""));

        Assert.Equal((ready, serving, terminates), (endpoint.Ready, endpoint.Serving, endpoint.Terminating));
    }

    [Fact]
    public void A_pod_on_a_node_that_is_gone_is_left_out_unless_all_are_published()
    {
        var service = Service();
        Assert.Empty(ServiceSlices.Groups(service, [Pod("a", true)], _ => (false, null)));

        service.Spec.PublishNotReadyAddresses = true;
        Assert.Single(ServiceSlices.Groups(service, [Pod("a", true)], _ => (false, null)));
    }

    [Fact]
    public void A_finished_pod_and_one_without_an_address_are_left_out() =>
        Assert.Empty(ServiceSlices.Groups(Service(), [Pod("a", true, phase: "Succeeded"), Pod("b", false, ips: "")], _ => (true, null)));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("PreferClose", "z1", null)]
    [InlineData("PreferSameZone", "z1", null)]
    [InlineData("PreferSameNode", "z1", "n1")]
    public void Hints_follow_the_traffic_distribution(string? distribution, string? zone, string? node)
    {
        var service = Service();
        service.Spec.TrafficDistribution = distribution;

        var endpoint = One(service, Pod("a", true));

        Assert.Equal(("z1", zone, node), (endpoint.Zone, endpoint.ForZone, endpoint.ForNode));
    }

    [Fact]
    public void Each_family_of_the_service_has_its_own_group()
    {
        var service = Service();
        service.Spec.IpFamilies = ["IPv4", "IPv6"];

        var groups = ServiceSlices.Groups(service, [Pod("a", true, ips: """{"ip":"10.0.0.1"},{"ip":"fd00::1"}""")], _ => (true, null));

        Assert.Equal([("IPv4", "10.0.0.1"), ("IPv6", "fd00::1")], groups.Select(g => (g.AddressType, g.Endpoints[0].Address)));
    }

    [Fact]
    public void A_named_port_is_found_by_name_and_protocol_among_containers_and_sidecars()
    {
        var service = Service();
        service.Spec.Ports =
        [
            new() { Name = "dns", Port = 53, Protocol = "UDP", TargetPort = "dns" },
            new() { Name = "dns-tcp", Port = 53, Protocol = "TCP", TargetPort = "dns" },
            new() { Name = "side", Port = 1, Protocol = "SCTP", TargetPort = "side" },
            new() { Name = "setup", Port = 2, Protocol = "TCP", TargetPort = "setup" },
        ];

        var group = Assert.Single(ServiceSlices.Groups(service, [Pod("a", true)], _ => (true, null)));

        Assert.Equal([("dns", 1053), ("dns-tcp", 2053), ("side", 3)], group.Ports.Select(p => (p.Name, p.Port!.Value)));
    }

    private static V1Service Service() => new() { Metadata = new() { Name = "web" }, Spec = new() { Ports = [new() { Port = 80 }], IpFamilies = ["IPv4"] } };

    private static SliceEndpoint One(V1Service service, PodEndpoint pod) =>
        Assert.Single(Assert.Single(ServiceSlices.Groups(service, [pod], _ => (true, "z1"))).Endpoints);

    private static PodEndpoint Pod(string name, bool ready, string metadata = "", string phase = "Running", string ips = """{"ip":"10.0.0.1"}""") => PodEndpoint.Of(Sample.Object("", "pods", Sample.Parse($$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{name}}","namespace":"n"{{metadata}} },
         "spec":{"nodeName":"n1","containers":[{"name":"m","ports":[{"name":"dns","containerPort":1053,"protocol":"UDP"},{"name":"dns","containerPort":2053}]}],
          "initContainers":[{"name":"s","restartPolicy":"Always","ports":[{"name":"side","containerPort":3,"protocol":"SCTP"}]},{"name":"i","ports":[{"name":"setup","containerPort":4}]}]},
         "status":{"phase":"{{phase}}","podIPs":[{{ips}}],"conditions":[{"type":"Ready","status":"{{(ready ? "True" : "False")}}"}]} }
        """)));
}
