using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace GrainKube.Docker.Sandboxes;

/// <summary>A node's range of pod addresses. Addresses are given out in turn, so that one that was just freed rests as long as possible.</summary>
internal readonly struct PodRange
{
    private readonly uint network;
    private readonly uint size;

    private PodRange(IPNetwork range)
    {
        Cidr = range.ToString();
        network = ToNumber(range.BaseAddress);
        size = 1u << (32 - range.PrefixLength);
    }

    public string Cidr { get; }

    /// <summary>The bridge's own address.</summary>
    public string Gateway => ToText(network + 1);

    /// <exception cref="ArgumentException">Not an IPv4 range with room for pods.</exception>
    public static PodRange Parse(string cidr)
    {
        if (!IPNetwork.TryParse(cidr, out var range) || range.BaseAddress.AddressFamily != AddressFamily.InterNetwork || range.PrefixLength is < 8 or > 29)
        {
            throw new ArgumentException($"\"{cidr}\" is not an IPv4 range with a prefix of 8 to 29 bits.", nameof(cidr));
        }

        return new PodRange(range);
    }

    /// <summary>The first free address after <paramref name="last"/>, going round; null where all are taken.</summary>
    public string? Next(string? last, IReadOnlySet<string> taken)
    {
        var start = IPAddress.TryParse(last, out var address) && address.AddressFamily == AddressFamily.InterNetwork ? ToNumber(address) - network : 1;
        if (start >= size)
        {
            start = 1;
        }

        var usable = size - 3; // without the network's, the bridge's and the broadcast address
        for (var step = 1u; step <= usable; step++)
        {
            var candidate = ToText(network + 2 + ((start + step - 2 + usable) % usable));
            if (!taken.Contains(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static string ToText(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes).ToString();
    }
}
