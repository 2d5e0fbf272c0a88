using System.Net;

namespace GrainKube.Hosting;

/// <summary>Addresses of a service range that have a meaning of their own.</summary>
internal static class ServiceRange
{
    /// <summary>Of the service <c>kubernetes</c>: the range's first.</summary>
    public static string ApiAddress(string cidr) => Nth(cidr, 1);

    /// <summary>Of the cluster DNS: the range's tenth.</summary>
    public static string DnsAddress(string cidr) => Nth(cidr, 10);

    private static string Nth(string cidr, byte index)
    {
        var bytes = IPNetwork.Parse(cidr).BaseAddress.GetAddressBytes();
        bytes[^1] += index;
        return new IPAddress(bytes).ToString();
    }
}
