using GrainKube.Networking.Proxy;
using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Proxy.Nftables;

namespace GrainKube.Networking.Tests.Proxy.Nftables;

public sealed class NftablesBackendTests : ProxyConformance
{
    private protected override IProxyBackend Create(IMachineCommands machine, ProxyNode node) => new NftablesBackend(machine, node);
}
