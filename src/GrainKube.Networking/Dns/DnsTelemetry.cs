using System.Diagnostics.Metrics;
using GrainKube.Networking.Dns.Wire;

namespace GrainKube.Networking.Dns;

internal static class DnsTelemetry
{
    private static readonly Meter Meter = new("GrainKube.Networking.Dns");
    private static readonly Counter<long> Responses = Meter.CreateCounter<long>("coredns_dns_responses_total", description: "Answers given by the cluster DNS.");

    // Boxed once: an answer allocates nothing for being counted.
    private static readonly KeyValuePair<string, object?>[] Codes = [.. Enumerable.Range(0, 32).Select(code => new KeyValuePair<string, object?>("rcode", NameOf(code)))];

    public static void Count(ResponseCode code) => Responses.Add(1, Codes[(int)code & 31]);

    private static string NameOf(int code) => code switch
    {
        0 => "NOERROR",
        1 => "FORMERR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        16 => "BADVERS",
        _ => $"RCODE{code}",
    };
}
