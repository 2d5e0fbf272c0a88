using GrainKube.Networking.Proxy.Connections;
using GrainKube.Networking.Tests.Proxy.Lab;

namespace GrainKube.Networking.Tests.Proxy.Connections;

public sealed class StaleFlowsTests
{
    [Fact]
    public void A_flow_is_read_as_where_it_goes_and_who_answers() => Assert.Equal(
        new UdpFlow("10.96.0.10", 53, "10.244.0.3", 5353),
        UdpFlow.Parse("udp      17 29 src=10.244.0.2 dst=10.96.0.10 sport=4000 dport=53 [UNREPLIED] src=10.244.0.3 dst=10.244.0.2 sport=5353 dport=4000 mark=0 use=1"));

    [Theory]
    [InlineData("")]
    [InlineData("conntrack v1.4.7 (conntrack-tools): 3 flow entries have been shown.")]
    [InlineData("icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=1 src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=1 mark=0 use=1")]
    public void What_is_no_flow_of_datagrams_is_passed_over(string line) => Assert.Null(UdpFlow.Parse(line));

    [Fact]
    public void Only_flows_to_the_services_doors_that_end_elsewhere_are_stale()
    {
        var port = LabServices.Port(LabServices.Pod('b')) with { Protocol = "udp", NodePort = 30053, ExternalIps = ["203.0.113.7"] };
        var (good, old) = (NetworkLab.AddressOf('b'), NetworkLab.AddressOf('c'));
        UdpFlow[] flows =
        [
            new(LabServices.Ip, 80, good, 8080), new(LabServices.Ip, 80, old, 8080), new(LabServices.Ip, 80, LabServices.Ip, 80), new(LabServices.Ip, 81, LabServices.Ip, 81),
            new("203.0.113.7", 80, old, 8080), new(NetworkLab.NodeAddress, 30053, old, 8080), new("192.0.2.9", 30053, "192.0.2.9", 30053), new("192.0.2.9", 53, "192.0.2.9", 53),
        ];

        Assert.Equal([flows[1], flows[2], flows[4], flows[5]], StaleFlows.Stale(flows, [port], new HashSet<string> { NetworkLab.NodeAddress }));
    }
}
