using System.Globalization;

namespace GrainKube.Networking.Proxy.Connections;

/// <summary>A flow of datagrams as the kernel tracks it: where its packets are sent and who answers them.</summary>
/// <param name="Address">Where the client sends to.</param>
/// <param name="Port">And to which port.</param>
/// <param name="Target">Who answers: the endpoint where the flow was translated, otherwise the same address.</param>
/// <param name="TargetPort">And from which port.</param>
internal readonly record struct UdpFlow(string Address, int Port, string Target, int TargetPort)
{
    /// <summary>Reads a line of <c>conntrack -L</c>: first what the client sends, then what is expected in answer; null where it is something else.</summary>
    public static UdpFlow? Parse(string line)
    {
        var values = new Dictionary<string, string>();
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && !values.TryAdd(word[..equals], word[(equals + 1)..]))
            {
                values.TryAdd("reply-" + word[..equals], word[(equals + 1)..]);
            }
        }

        return values.TryGetValue("dst", out var address) && Number("dport") is { } port && values.TryGetValue("reply-src", out var target) && Number("reply-sport") is { } targetPort
            ? new UdpFlow(address, port, target, targetPort)
            : null;

        int? Number(string name) => values.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
