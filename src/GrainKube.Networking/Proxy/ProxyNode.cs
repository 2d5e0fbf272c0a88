using System.Net;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Proxy;

/// <summary>What rules must know of the node.</summary>
/// <param name="Name">Its name; what the proxy makes on the machine is named after it.</param>
/// <param name="PodRange">Range of the node's own pods.</param>
/// <param name="ClusterRange">Range of all pods. What comes from elsewhere is masqueraded on its way to a service.</param>
/// <param name="MasqueradeBridged">Packets between pods of one bridge pass no rules here, so that answers would not find back: they go by way of the node.</param>
internal sealed record ProxyNode(string Name, string PodRange, string ClusterRange, bool MasqueradeBridged = false)
{
    private readonly IPNetwork ownRange = IPNetwork.Parse(PodRange);

    /// <summary>A bit of the packet mark that says "masquerade"; the one that is customary for it.</summary>
    public const int MasqueradeMark = 0x4000;

    /// <summary>Ranges of pods, none within another.</summary>
    public IReadOnlyList<string> PodRanges => AddressRanges.Merge([PodRange, ClusterRange]);

    /// <summary>Whether it is the address of a pod on this node's bridge, whoever says so: endpoints that are written by hand often name no node.</summary>
    public bool IsOwnPod(string address) => ownRange.Contains(IPAddress.Parse(address));
}
