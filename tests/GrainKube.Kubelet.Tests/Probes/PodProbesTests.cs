using System.Collections.Concurrent;
using GrainKube.Kubelet.Probes;
using GrainKube.Kubelet.Tests.Agent;

namespace GrainKube.Kubelet.Tests.Probes;

public sealed class PodProbesTests
{
    [Fact]
    public void A_verdict_changes_after_enough_equal_outcomes()
    {
        var counter = new ProbeCounter(initial: true, successThreshold: 2, failureThreshold: 3);
        Assert.False(counter.Add(false));
        Assert.False(counter.Add(false));
        Assert.False(counter.Add(true));
        Assert.False(counter.Add(false));
        Assert.False(counter.Add(false));
        Assert.True(counter.Add(false));
        Assert.False(counter.Verdict);
        Assert.False(counter.Add(true));
        Assert.True(counter.Add(true));
    }

    [Fact]
    public async Task A_pod_is_ready_once_its_probe_succeeds_and_not_while_it_fails()
    {
        var prober = new ScriptedProber { Http = ProbeOutcome.Bad("HTTP probe failed with statuscode: 503") };
        await using var node = await TestNode.StartAsync(prober: prober);
        node.Apply("""{"containers":[{"name":"web","image":"nginx","readinessProbe":{"httpGet":{"path":"/","port":80},"periodSeconds":5,"failureThreshold":2}}]}""");
        await node.UntilAsync(() => node.View.Events.Any(e => e is { Type: "Warning", Reason: "Unhealthy", Message: "Readiness probe failed: HTTP probe failed with statuscode: 503" }));
        Assert.False(Ready(node));

        prober.Http = ProbeOutcome.Good;
        await node.AdvanceUntilAsync(() => Ready(node));
        prober.Http = ProbeOutcome.Bad("no");
        await node.AdvanceUntilAsync(() => !Ready(node));
        Assert.Equal(0, node.Status()!["containerStatuses"]![0]!["restartCount"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_failed_liveness_probe_restarts_the_container()
    {
        var prober = new ScriptedProber();
        await using var node = await TestNode.StartAsync(prober: prober);
        node.Apply("""{"containers":[{"name":"web","image":"nginx","livenessProbe":{"tcpSocket":{"port":80},"periodSeconds":5,"failureThreshold":2}}]}""");
        await node.UntilAsync(() => prober.Asked.Contains("tcp"));
        prober.Tcp = ProbeOutcome.Bad("dial tcp 10.9.0.2:80: connect: connection refused");
        await node.AdvanceUntilAsync(() => node.Status()?["containerStatuses"]?[0]?["restartCount"]?.GetValue<int>() >= 1);
        Assert.Contains(node.View.Events, e => e is { Reason: "Killing", Message: "Container web failed liveness probe, will be restarted" });
    }

    [Fact]
    public async Task Other_probes_wait_for_the_startup_probe()
    {
        var prober = new ScriptedProber { Grpc = ProbeOutcome.Bad("not yet") };
        await using var node = await TestNode.StartAsync(prober: prober);
        node.Apply("""
            {"containers":[{"name":"web","image":"nginx","startupProbe":{"grpc":{"port":1},"periodSeconds":1,"failureThreshold":100},
              "readinessProbe":{"httpGet":{"port":80},"periodSeconds":1}}]}
            """);
        await node.AdvanceUntilAsync(() => prober.Asked.Count(a => a == "grpc") >= 3);
        Assert.DoesNotContain("http", prober.Asked);
        await node.UntilAsync(() => node.Status()?["containerStatuses"]?[0] is not null);
        Assert.False(node.Status()!["containerStatuses"]![0]!["started"]!.GetValue<bool>());
        prober.Grpc = ProbeOutcome.Good;
        await node.AdvanceUntilAsync(() => Ready(node));
        Assert.True(node.Status()!["containerStatuses"]![0]!["started"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_pod_that_is_ending_is_asked_for_its_readiness_and_not_for_its_life()
    {
        var prober = new ScriptedProber();
        await using var node = await TestNode.StartAsync(prober: prober);
        node.Apply("""
            {"containers":[{"name":"web","image":"nginx","readinessProbe":{"httpGet":{"port":80},"periodSeconds":1,"failureThreshold":1},"livenessProbe":{"tcpSocket":{"port":80},"periodSeconds":1,"failureThreshold":1},
              "lifecycle":{"preStop":{"sleep":{"seconds":600}}}}],"terminationGracePeriodSeconds":600}
            """);
        await node.AdvanceUntilAsync(() => Ready(node));
        node.Delete(grace: 600);
        await node.UntilAsync(() => node.View.Events.Any(e => e.Reason == "Killing"));
        (prober.Http, prober.Tcp) = (ProbeOutcome.Bad("closing"), ProbeOutcome.Bad("closing"));
        await node.AdvanceUntilAsync(() => !Ready(node));
        Assert.NotNull(node.Status()!["containerStatuses"]![0]!["state"]!["running"]);
        Assert.Equal("False", node.Status()!["conditions"]!.AsArray().Single(c => c!["type"]!.GetValue<string>() == "Ready")!["status"]!.GetValue<string>());
        prober.Http = ProbeOutcome.Good;
        await node.AdvanceUntilAsync(() => Ready(node));
        Assert.DoesNotContain(node.View.Events, e => e.Message.StartsWith("Liveness", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restarted_kubelet_takes_over_readiness_without_a_flap()
    {
        var prober = new ScriptedProber();
        await using var node = await TestNode.StartAsync(prober: prober);
        var pod = node.Apply("""{"containers":[{"name":"web","image":"nginx","readinessProbe":{"httpGet":{"port":80},"initialDelaySeconds":1}}]}""");
        await node.AdvanceUntilAsync(() => Ready(node));
        var writes = node.View.Writes[pod.Key];
        await node.RestartAsync();
        await node.UntilAsync(() => node.Agent.Pods == 1);
        Assert.Equal(writes, node.View.Writes[pod.Key]);
    }

    private static bool Ready(TestNode node) => node.Status()?["containerStatuses"]?[0]?["ready"]?.GetValue<bool>() == true;

    private sealed class ScriptedProber : INetworkProber
    {
        public ConcurrentQueue<string> Asked { get; } = new();

        public ProbeOutcome Http { get; set; } = ProbeOutcome.Good;

        public ProbeOutcome Tcp { get; set; } = ProbeOutcome.Good;

        public ProbeOutcome Grpc { get; set; } = ProbeOutcome.Good;

        public Task<ProbeOutcome> HttpAsync(HttpProbe probe, TimeSpan timeout, CancellationToken cancel) => Answer("http", Http);

        public Task<ProbeOutcome> TcpAsync(string host, int port, TimeSpan timeout, CancellationToken cancel) => Answer("tcp", Tcp);

        public Task<ProbeOutcome> GrpcAsync(string host, int port, string service, TimeSpan timeout, CancellationToken cancel) => Answer("grpc", Grpc);

        private Task<ProbeOutcome> Answer(string kind, ProbeOutcome outcome)
        {
            Asked.Enqueue(kind);
            return Task.FromResult(outcome);
        }
    }
}
