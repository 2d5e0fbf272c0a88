using System.Security.Cryptography;
using GrainKube.Networking.Dns.Forwarding;
using GrainKube.Networking.Dns.Wire;
using Microsoft.Extensions.Logging;

namespace GrainKube.Networking.Dns.Serving;

/// <summary>Asks the host's servers for a name that nobody else can know. If the question arrives here, they ask us what we ask them, and forwarding ends.</summary>
internal sealed partial class LoopProbe(UpstreamServers upstreams, ILogger<LoopProbe> log)
{
    private readonly string name = RandomNumberGenerator.GetHexString(32, lowercase: true) + ".loop.invalid";

    /// <summary>Whether the question is the probe's own, which proves a loop.</summary>
    public bool IsOwn(ReadOnlySpan<char> asked)
    {
        if (!asked.SequenceEqual(name))
        {
            return false;
        }

        if (!upstreams.IsLoop)
        {
            upstreams.MarkLoop();
            LogLoop();
        }

        return true;
    }

    public async Task RunAsync(Forwarder forwarder)
    {
        var wire = new byte[WireName.MaximumLength];
        await forwarder.AskAsync(wire.AsSpan(0, WireName.Write(name, wire)), RecordType.Hinfo, dnssec: false);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The host's DNS servers ask the cluster's DNS: names outside the cluster are not resolved until /etc/resolv.conf names others")]
    private partial void LogLoop();
}
