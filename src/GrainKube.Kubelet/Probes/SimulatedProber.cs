namespace GrainKube.Kubelet.Probes;

/// <summary>The prober of pods that have no network.</summary>
internal sealed class SimulatedProber : INetworkProber
{
    public Task<ProbeOutcome> HttpAsync(HttpProbe probe, TimeSpan timeout, CancellationToken cancel) => Task.FromResult(ProbeOutcome.Good);

    public Task<ProbeOutcome> TcpAsync(string host, int port, TimeSpan timeout, CancellationToken cancel) => Task.FromResult(ProbeOutcome.Good);

    public Task<ProbeOutcome> GrpcAsync(string host, int port, string service, TimeSpan timeout, CancellationToken cancel) => Task.FromResult(ProbeOutcome.Good);
}
