using System.Net;
using System.Net.Sockets;

namespace GrainKube.Networking.Proxy.Services;

/// <summary>IPv4 ranges as rules want them.</summary>
internal static class AddressRanges
{
    /// <summary>The ranges in order, those within another left out: an interval set takes none that overlap. What is no IPv4 range is left out too.</summary>
    public static IReadOnlyList<string> Merge(IEnumerable<string> ranges)
    {
        var kept = new List<IPNetwork>();
        foreach (var range in ranges.Select(Parse).OfType<IPNetwork>().OrderBy(r => r.PrefixLength))
        {
            if (!kept.Exists(k => k.Contains(range.BaseAddress)))
            {
                kept.Add(range);
            }
        }

        return [.. kept.Select(k => k.ToString()).Order(StringComparer.Ordinal)];
    }

    // The API takes ranges whose host bits are set; they mean the range around them.
    private static IPNetwork? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !IPAddress.TryParse(text.AsSpan(0, slash), out var address) || address.AddressFamily != AddressFamily.InterNetwork
            || !int.TryParse(text.AsSpan(slash + 1), out var length) || length is < 0 or > 32)
        {
            return null;
        }

        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < 32; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }
}
