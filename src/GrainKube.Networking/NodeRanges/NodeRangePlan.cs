using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace GrainKube.Networking.NodeRanges;

/// <summary>Which node gets which range of pod addresses. Pure.</summary>
/// <param name="Given">Nodes without a range, with the one that they are to have.</param>
/// <param name="Left">Nodes for which there is none.</param>
internal sealed record NodeRangePlan(IReadOnlyList<(string Node, string Range)> Given, IReadOnlyList<string> Left)
{
    private const int Prefix = 24;
    private const uint Size = 1u << (32 - Prefix);

    /// <summary>Gives the lowest free /24s; one is free where no node's range, of whatever size, touches it.</summary>
    /// <param name="cluster">The range to take from.</param>
    /// <param name="nodes">All nodes, in the order in which they are served.</param>
    public static NodeRangePlan For(IPNetwork cluster, IEnumerable<(string Node, IReadOnlyList<string> Ranges)> nodes)
    {
        var (start, count) = (Number(cluster.BaseAddress), 1u << Math.Max(0, Prefix - cluster.PrefixLength));
        var taken = new bool[count];
        var waiting = new List<string>();
        foreach (var (node, ranges) in nodes)
        {
            if (ranges.Count == 0)
            {
                waiting.Add(node);
            }

            foreach (var range in ranges)
            {
                Mark(range, start, taken);
            }
        }

        var given = new List<(string, string)>();
        var next = 0;
        foreach (var node in waiting)
        {
            while (next < taken.Length && taken[next])
            {
                next++;
            }

            if (next == taken.Length)
            {
                break;
            }

            given.Add((node, $"{Address(start + ((uint)next++ * Size))}/{Prefix}"));
        }

        return new NodeRangePlan(given, [.. waiting.Skip(given.Count)]);
    }

    private static void Mark(string range, uint start, bool[] taken)
    {
        if (!IPNetwork.TryParse(range, out var network) || network.BaseAddress.AddressFamily != AddressFamily.InterNetwork)
        {
            return;
        }

        var from = (long)Number(network.BaseAddress) - start;
        var to = from + (1L << (32 - network.PrefixLength)) - 1;
        for (var block = Math.Max(0, Math.DivRem(from, Size).Quotient); block <= to / Size && to >= 0 && block < taken.Length; block++)
        {
            taken[block] = true;
        }
    }

    private static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress Address(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
