using System.Net;

namespace GrainKube.Networking.Dns.Forwarding;

/// <summary>Reads the servers of a <c>resolv.conf</c>.</summary>
internal static class ResolverConfig
{
    /// <param name="text">Content of the file.</param>
    /// <param name="own">Addresses of ours: asking them would be asking ourselves.</param>
    public static IReadOnlyList<IPEndPoint> ServersOf(string text, IReadOnlyCollection<IPAddress> own)
    {
        var servers = new List<IPEndPoint>();
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var address, ..] && IPAddress.TryParse(address, out var server) && !own.Contains(server))
            {
                servers.Add(new IPEndPoint(server, 53));
            }
        }

        return servers;
    }
}
