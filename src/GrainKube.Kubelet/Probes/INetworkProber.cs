namespace GrainKube.Kubelet.Probes;

/// <summary>What one probe came to. <c>Output</c> is what an Unhealthy event says, or of a <c>Warning</c>, which counts as a success, a ProbeWarning event.</summary>
internal readonly record struct ProbeOutcome(bool Success, string Output, bool Warning = false)
{
    public static readonly ProbeOutcome Good = new(true, "");

    public static ProbeOutcome Warn(string output) => new(true, output, Warning: true);

    public static ProbeOutcome Bad(string output) => new(false, output);
}

/// <summary>Asks a pod over the network. Simulated pods have none, and always answer.</summary>
internal interface INetworkProber
{
    Task<ProbeOutcome> HttpAsync(HttpProbe probe, TimeSpan timeout, CancellationToken cancel);

    Task<ProbeOutcome> TcpAsync(string host, int port, TimeSpan timeout, CancellationToken cancel);

    Task<ProbeOutcome> GrpcAsync(string host, int port, string service, TimeSpan timeout, CancellationToken cancel);
}

/// <summary>A request of a probe or a hook.</summary>
internal sealed record HttpProbe(string Scheme, string Host, int Port, string Path, IReadOnlyList<KeyValuePair<string, string>> Headers);
