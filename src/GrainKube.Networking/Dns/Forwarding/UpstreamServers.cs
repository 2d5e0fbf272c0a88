using System.Net;
using GrainKube.Networking.Dns.Hosting;
using Microsoft.Extensions.Options;

namespace GrainKube.Networking.Dns.Forwarding;

/// <summary>The servers that everything outside the cluster is asked of: those of the host, read again when its file changes.</summary>
internal sealed class UpstreamServers(IOptions<DnsOptions> options, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private readonly Lock gate = new();
    private IReadOnlyList<IPEndPoint> servers = [];
    private DateTime writtenAt = DateTime.MinValue;
    private long lookedAt;
    private bool looked;

    /// <summary>A question of ours came back to us: they are not asked before the file changes.</summary>
    public bool IsLoop { get; private set; }

    public IReadOnlyList<IPEndPoint> Current
    {
        get
        {
            if (options.Value.Upstreams.Count > 0)
            {
                return IsLoop ? [] : options.Value.Upstreams;
            }

            lock (gate)
            {
                if (!looked || time.GetElapsedTime(lookedAt) > LookAgain)
                {
                    (looked, lookedAt) = (true, time.GetTimestamp());
                    Read(options.Value);
                }

                return IsLoop ? [] : servers;
            }
        }
    }

    public void MarkLoop() => IsLoop = true;

    private void Read(DnsOptions settings)
    {
        var file = new FileInfo(settings.ResolverFile);
        if (!file.Exists || file.LastWriteTimeUtc == writtenAt)
        {
            return;
        }

        (writtenAt, IsLoop) = (file.LastWriteTimeUtc, false);
        servers = ResolverConfig.ServersOf(File.ReadAllText(file.FullName), settings.Addresses);
    }
}
