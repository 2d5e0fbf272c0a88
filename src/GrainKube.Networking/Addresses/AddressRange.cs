using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace GrainKube.Networking.Addresses;

/// <summary>A range that services take addresses from. Addresses are counted from 0, the first usable one: the network's own and, for IPv4, the broadcast address are none.</summary>
internal readonly record struct AddressRange
{
    private const int MaxCountedBits = 62;
    private readonly UInt128 first;

    private AddressRange(IPNetwork network)
    {
        Network = network;
        var size = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var bits = Math.Min(size - network.PrefixLength, MaxCountedBits);
        first = Number(network.BaseAddress) + 1;
        Count = Math.Max(0, (1L << bits) - (size == 32 ? 2 : 1));
    }

    public IPNetwork Network { get; }

    /// <summary>How many addresses can be given out.</summary>
    public long Count { get; }

    public string Family => Network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6";

    /// <summary>Addresses below this index are left to those who choose theirs, until all others are taken. Upstream: between 16 and 256, a sixteenth of the range (KEP-3070).</summary>
    public long StaticCount => Count + 1 < 32 ? 0 : Math.Clamp((Count + 2) / 16, 16, 256);

    /// <returns>Null where the text is no network, or one whose base has bits set behind the prefix.</returns>
    public static AddressRange? Parse(string cidr) => IPNetwork.TryParse(cidr, out var network) ? new AddressRange(network) : null;

    /// <summary>The address can be given out.</summary>
    public bool Contains(IPAddress address)
    {
        if (address.AddressFamily != Network.BaseAddress.AddressFamily || !Network.Contains(address))
        {
            return false;
        }

        var number = Number(address);
        return number >= first && number - first < (UInt128)Count;
    }

    /// <summary>The address at an index from 0 to <see cref="Count"/> - 1.</summary>
    public IPAddress At(long index)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, first + (UInt128)index);
        return new IPAddress(Family == "IPv4" ? bytes[12..] : bytes);
    }

    public override string ToString() => Network.ToString();

    private static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(address.AddressFamily == AddressFamily.InterNetwork ? bytes[12..] : bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
