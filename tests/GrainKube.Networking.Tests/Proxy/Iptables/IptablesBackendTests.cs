using GrainKube.Networking.Proxy;
using GrainKube.Networking.Proxy.Iptables;
using GrainKube.Networking.Proxy.Machine;

namespace GrainKube.Networking.Tests.Proxy.Iptables;

public sealed class IptablesBackendTests : ProxyConformance
{
    private protected override IProxyBackend Create(IMachineCommands machine, ProxyNode node) => new IptablesBackend(machine, node);
}
