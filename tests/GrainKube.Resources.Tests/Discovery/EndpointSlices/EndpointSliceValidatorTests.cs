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
    [InlineData("""{"addressType":"FQDN","endpoints":[{"addresses":["foo"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"foo\": should be a domain with at least two segments separated by dots")]
    [InlineData("""{"addressType":"FQDN","endpoints":[{"addresses":["foo.example."]},{"addresses":[""]}]}""", "endpoints[1].addresses[0]: Required value")]
    public void What_is_wrong_is_told(string json, string error) =>
        Assert.Equal([error], Written.Create("endpointslices.discovery.k8s.io", json.Insert(1, """ "metadata":{"name":"s"},""")).Errors);

    [Fact]
    public void The_topology_of_old_versions_is_not_kept() => Assert.Null(
        Written.Create("endpointslices.discovery.k8s.io", """{"metadata":{"name":"s"},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"deprecatedTopology":{"a":"b"}}]}""")
            .Item["endpoints"]![0]!["deprecatedTopology"]);
}
