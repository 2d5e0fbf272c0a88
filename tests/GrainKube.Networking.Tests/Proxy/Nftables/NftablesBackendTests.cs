using System.Net.Sockets;
using GrainKube.Networking.Proxy;
using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Proxy.Nftables;
using GrainKube.Networking.Tests.Proxy.Lab;
using static GrainKube.Networking.Tests.Proxy.Lab.LabServices;

namespace GrainKube.Networking.Tests.Proxy.Nftables;

public sealed class NftablesBackendTests : ProxyConformance
{
    [Fact]
    public async Task A_port_that_the_service_does_not_have_refuses_at_once()
    {
        await ApplyAsync(Service(Port(Pod('b'))));

        await IsRefusedAsync(Lab.A, port: 81);
        await IsRefusedAsync(Lab.Node, port: 81);
        await IsRefusedAsync(Lab.Outside, port: 81);
        Assert.Equal("b", (await AskAsync(Lab.A)).Server);
    }

    [Fact]
    public async Task An_address_of_the_ranges_that_no_service_has_is_dropped_and_nothing_else_is()
    {
        const string Names = "10.96.0.53", Foreign = "10.97.0.7", Free = "10.96.0.77";
        await NetworkLab.InAsync(Lab.Node, "ip", "address", "add", $"{Names}/32", "dev", "lo");
        foreach (var address in new[] { Foreign, Free })
        {
            await NetworkLab.InAsync(Lab.Outside, "ip", "address", "add", $"{address}/32", "dev", "lo");
        }

        await ApplyAsync(Service(Port(Pod('b'))));
        await IsDroppedAsync(Lab.A, Free, 8080);
        await IsDroppedAsync(Lab.Node, Free, 8080);
        Assert.Equal("b", (await AskAsync(Lab.A)).Server);
        Assert.Equal("node", (await AskAsync(Lab.A, Names, 8080)).Server); // where names are asked: the node's own
        Assert.Equal("node", (await AskAsync(Lab.Node, Names, 8080)).Server);
        using var open = await LabClient.ConnectAsync(Lab.A, ProtocolType.Tcp, Foreign, 8080);
        Assert.Equal("remote", (await open.AskAsync()).Server);

        // Another ServiceCIDR comes and goes: what is open stays so.
        await Backend.UpdateAsync([], [ServiceRange, "10.97.0.0/24"], CancellationToken.None);
        await IsDroppedAsync(Lab.A, Foreign, 8080);
        Assert.Equal("remote", (await open.AskAsync()).Server);
        await Backend.UpdateAsync([], [], CancellationToken.None);
        Assert.Equal("remote", (await AskAsync(Lab.A, Foreign, 8080)).Server);
        Assert.Equal("remote", (await AskAsync(Lab.Node, Free, 8080)).Server);
    }

    private protected override IProxyBackend Create(IMachineCommands machine, ProxyNode node) => new NftablesBackend(machine, node);
}
