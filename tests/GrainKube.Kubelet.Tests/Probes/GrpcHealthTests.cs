using GrainKube.Hosting;
using GrainKube.Kubelet.Probes;
using GrainKube.Kubelet.Tests.Agent;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Time.Testing;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace GrainKube.Kubelet.Tests.Probes;

/// <summary>gRPC probes against a server that is not ours.</summary>
public sealed class GrpcHealthTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task What_a_server_says_of_itself_and_of_its_services_is_the_outcome()
    {
        await using var server = await HealthServer.StartAsync();
        server.Say("", ServingStatus.Serving);
        server.Say("shop", ServingStatus.NotServing);
        server.Say("stock", ServingStatus.Unknown);
        server.Say("new", ServingStatus.ServiceUnknown);
        server.Say(new string('x', 300), ServingStatus.Serving);

        Assert.Equal(ProbeOutcome.Good, await AskAsync(server.Port));
        Assert.Equal(ProbeOutcome.Good, await AskAsync(server.Port, new string('x', 300)));
        Assert.Equal(ProbeOutcome.Bad("service unhealthy (responded with \"NOT_SERVING\")"), await AskAsync(server.Port, "shop"));
        Assert.Equal(ProbeOutcome.Bad("service unhealthy (responded with \"UNKNOWN\")"), await AskAsync(server.Port, "stock"));
        Assert.Equal(ProbeOutcome.Bad("service unhealthy (responded with \"SERVICE_UNKNOWN\")"), await AskAsync(server.Port, "new"));
        Assert.Equal(ProbeOutcome.Bad("error: health rpc probe failed: rpc error: code = NotFound desc = "), await AskAsync(server.Port, "nobody"));
    }

    [Fact]
    public async Task Servers_without_health_say_so()
    {
        await using var web = await HealthServer.StartWithoutHealthAsync(HttpProtocols.Http2);
        await using var other = await HealthServer.StartOtherAsync();

        Assert.Equal(
            ProbeOutcome.Bad(
                "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unexpected HTTP status code received from server: 404 (Not Found); malformed header: missing HTTP content-type"),
            await AskAsync(web.Port));
        Assert.Equal(
            ProbeOutcome.Bad("error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service grpc.health.v1.Health"), await AskAsync(other.Port));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_waited_for_until_the_probes_time_is_over()
    {
        await using var server = await HealthServer.StartAsync();
        var time = new FakeTimeProvider();
        using var prober = new NetworkProber(time);
        var asked = prober.GrpcAsync("127.0.0.1", server.Port, HealthServer.Silent, Limit, CancellationToken.None);
        await server.Asked;

        time.Advance(Limit);

        Assert.Equal(ProbeOutcome.Bad("timeout: health rpc did not complete within 1m30s"), await asked);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_made_is_tried_until_the_probes_time_is_over()
    {
        var free = LoopbackPorts.Next();
        await using var old = await HealthServer.StartWithoutHealthAsync(HttpProtocols.Http1);
        foreach (var port in new[] { free, old.Port })
        {
            Assert.Equal(
                ProbeOutcome.Bad($"timeout: failed to connect service \"127.0.0.1:{port}\" within 3s: context deadline exceeded"),
                await AdvancingAsync(prober => prober.GrpcAsync("127.0.0.1", port, "", TimeSpan.FromSeconds(3), CancellationToken.None)));
        }
    }

    [Fact]
    public async Task Startup_readiness_and_liveness_follow_what_the_container_says()
    {
        await using var server = await HealthServer.StartAsync();
        server.Say("started", ServingStatus.NotServing);
        server.Say("", ServingStatus.Serving);
        await using var node = await TestNode.StartAsync(prober: new OnThisMachine());
        var probe = $$"""{"port":{{server.Port}},"service":"SERVICE"}""";
        node.Apply($$"""
            {"containers":[{"name":"web","image":"nginx",
              "startupProbe":{"grpc":{{probe.Replace("SERVICE", "started", StringComparison.Ordinal)}},"periodSeconds":1,"failureThreshold":1000000},
              "livenessProbe":{"grpc":{{probe.Replace("SERVICE", "alive", StringComparison.Ordinal)}},"periodSeconds":1,"failureThreshold":1},
              "readinessProbe":{"grpc":{"port":{{server.Port}} },"periodSeconds":1,"failureThreshold":1} }]}
            """);
        await node.AdvanceUntilAsync(() => node.View.Events.Any(e => e is { Reason: "Unhealthy", Message: "Startup probe failed: service unhealthy (responded with \"NOT_SERVING\")" }));

        server.Say("alive", ServingStatus.Serving);
        server.Say("started", ServingStatus.Serving);
        await node.AdvanceUntilAsync(() => IsReady(node));
        server.Say("", ServingStatus.NotServing);
        await node.AdvanceUntilAsync(() => !IsReady(node));
        server.Say("alive", ServingStatus.NotServing);
        await node.AdvanceUntilAsync(() => node.Status()?["containerStatuses"]?[0]?["restartCount"]?.GetValue<int>() >= 1);
        Assert.Contains(node.View.Events, e => e is { Reason: "Unhealthy", Message: "Liveness probe failed: service unhealthy (responded with \"NOT_SERVING\")" });
    }

    private static bool IsReady(TestNode node) => node.Status()?["containerStatuses"]?[0]?["ready"]?.GetValue<bool>() == true;

    private static async Task<ProbeOutcome> AskAsync(int port, string service = "")
    {
        using var prober = new NetworkProber(TimeProvider.System);
        return await prober.GrpcAsync("127.0.0.1", port, service, Limit, CancellationToken.None);
    }

    private static async Task<ProbeOutcome> AdvancingAsync(Func<NetworkProber, Task<ProbeOutcome>> ask)
    {
        var time = new FakeTimeProvider();
        using var prober = new NetworkProber(time);
        var asked = ask(prober);
        while (!asked.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await asked;
    }

    /// <summary>Simulated pods have no network: their probes go to this machine, in its own time.</summary>
    private sealed class OnThisMachine : INetworkProber
    {
        private readonly NetworkProber prober = new(TimeProvider.System);

        public Task<ProbeOutcome> HttpAsync(HttpProbe probe, TimeSpan timeout, CancellationToken cancel) => prober.HttpAsync(probe, timeout, cancel);

        public Task<ProbeOutcome> TcpAsync(string host, int port, TimeSpan timeout, CancellationToken cancel) => prober.TcpAsync(host, port, timeout, cancel);

        public Task<ProbeOutcome> GrpcAsync(string host, int port, string service, TimeSpan timeout, CancellationToken cancel) =>
            prober.GrpcAsync("127.0.0.1", port, service, Limit, cancel);
    }
}
