using GrainKube.Controllers.ApiServices;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.ApiServices;

public sealed class ServiceReachTests
{
    private static readonly Apiregistrationv1ServiceReference Wanted = new() { Name = "api", NamespaceProperty = "ext", Port = 443 };

    [Fact]
    public void A_service_with_a_ready_endpoint_is_fine() => Assert.Equal(ServiceReach.Fine, ServiceReach.Of(Wanted, Service(), [Slice("https", true)]));

    [Fact]
    public void A_service_elsewhere_is_only_asked() =>
        Assert.Equal(ServiceReach.Fine, ServiceReach.Of(Wanted, new V1Service { Spec = new V1ServiceSpec { Type = "ExternalName", ExternalName = "api.example.com" } }, []));

    [Theory]
    [InlineData("https", false)]
    [InlineData("other", true)]
    public void Endpoints_that_are_not_ready_or_have_another_port_are_none(string port, bool ready) => Assert.Equal(
        new ServiceReach("MissingEndpoints", "endpointslices for service/api in \"ext\" have no addresses with port name \"https\""), ServiceReach.Of(Wanted, Service(), [Slice(port, ready)]));

    private static V1Service Service() => new() { Spec = new V1ServiceSpec { Type = "ClusterIP", Ports = [new V1ServicePort { Port = 443, Name = "https" }] } };

    private static V1EndpointSlice Slice(string port, bool ready) => new()
    {
        AddressType = "IPv4",
        Ports = [new Discoveryv1EndpointPort { Name = port, Port = 8443 }],
        Endpoints = [new V1Endpoint { Addresses = ["10.0.0.1"], Conditions = new V1EndpointConditions { Ready = ready } }],
    };
}
