using GrainKube.Kubelet.Agent;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Kubelet.Tests.Agent;

public sealed class HostPortLedgerTests
{
    private readonly HostPortLedger ledger = new();

    [Theory]
    [InlineData("0.0.0.0", "TCP", 80, false)]
    [InlineData("10.0.0.1", "TCP", 80, false)]
    [InlineData("10.0.0.2", "TCP", 80, true)]
    [InlineData("10.0.0.1", "UDP", 80, true)]
    [InlineData("10.0.0.1", "TCP", 81, true)]
    public void A_port_is_given_once(string ip, string protocol, int port, bool given)
    {
        Assert.True(ledger.TryGive("a", [new HostPort("10.0.0.1", "TCP", 80)], force: false));

        Assert.Equal(given, ledger.TryGive("b", [new HostPort(ip, protocol, port)], force: false));
    }

    [Fact]
    public void It_is_free_again_after_its_pod()
    {
        HostPort[] ports = [new("0.0.0.0", "TCP", 80)];
        Assert.True(ledger.TryGive("a", ports, force: false));
        Assert.True(ledger.TryGive("a", ports, force: false));
        Assert.True(ledger.TryGive("running", ports, force: true));
        ledger.Release("a");
        Assert.False(ledger.TryGive("b", ports, force: false));
        ledger.Release("running");
        Assert.True(ledger.TryGive("b", ports, force: false));
    }
}
