using GrainKube.Networking.Proxy;
using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Proxy.Nftables;
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

    private protected override IProxyBackend Create(IMachineCommands machine, ProxyNode node) => new NftablesBackend(machine, node);
}
