using System.Buffers.Binary;
using System.Net;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Simulation;

/// <summary>Hands out the addresses of a range; the first is the bridge's. Not thread-safe.</summary>
internal sealed class SimulatedAddresses
{
    private readonly uint first;
    private readonly uint count;
    private readonly HashSet<uint> used = [];
    private uint next = 2;

    /// <exception cref="ArgumentException">Not an IPv4 range of at least four addresses.</exception>
    public SimulatedAddresses(string cidr)
    {
        if (!IPNetwork.TryParse(cidr, out var network) || network.PrefixLength is < 8 or > 30 || network.BaseAddress.GetAddressBytes().Length != 4)
        {
            throw new ArgumentException($"'{cidr}' is not an IPv4 range for pods", nameof(cidr));
        }

        Cidr = cidr;
        first = BinaryPrimitives.ReadUInt32BigEndian(network.BaseAddress.GetAddressBytes());
        count = 1u << (32 - network.PrefixLength);
    }

    public string Cidr { get; }

    public string Take()
    {
        for (var tried = 0u; tried < count; tried++)
        {
            var offset = next;
            next = next + 1 >= count - 1 ? 2 : next + 1;
            if (used.Add(offset))
            {
                return Text(first + offset);
            }
        }

        throw new RuntimeException(RuntimeError.Other, $"no address left in {Cidr}");
    }

    public void Release(string address)
    {
        if (IPAddress.TryParse(address, out var parsed))
        {
            used.Remove(BinaryPrimitives.ReadUInt32BigEndian(parsed.GetAddressBytes()) - first);
        }
    }

    private static string Text(uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return new IPAddress(bytes).ToString();
    }
}
