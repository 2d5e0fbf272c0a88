using Xunit;

namespace GrainKube.Resources.Tests.Discovery.EndpointSlices;

public sealed class EndpointSliceValidatorTests
{
    [Theory]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":["fd00::1"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"fd00::1\": must be a valid IPv4 address")]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":["127.0.0.1"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)")]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":[]}]}""", "endpoints[0].addresses: Required value: must contain at least 1 address")]
    [InlineData("""{"addressType":"Other","endpoints":[]}""", "addressType: Unsupported value: \"Other\": supported values: \"FQDN\", \"IPv4\", \"IPv6\"")]
    [InlineData("""{"addressType":"IPv4","endpoints":[],"ports":[{"name":"a","port":1},{"name":"a","port":2}]}""", "ports[1].name: Duplicate value: \"a\"")]
    public void What_is_wrong_is_told(string json, string error) =>
        Assert.Equal([error], Written.Create("endpointslices.discovery.k8s.io", json.Insert(1, """ "metadata":{"name":"s"},""")).Errors);
}
