using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Networking.IPAddresses;

/// <summary>A service address that is taken, named by the address itself.</summary>
internal sealed class IPAddressDefinition : BuiltInDefinition<V1IPAddress>
{
    public IPAddressDefinition()
        : base(ResourceNames.ClusterWide("networking.k8s.io", "v1", "ipaddresses", "IPAddress", "ip"))
    {
        Uses(new IPAddressColumns());
        Uses(new IPAddressValidator());
        NameFormat = NameFormat.PathSegment;
    }
}
