using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Hooks;
using GrainKube.Kubelet.Runtime;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace GrainKube.Kubelet.Probes;

/// <summary>One probe of one running container: a timer while there is something to ask, nothing in between.</summary>
internal sealed partial class ContainerProbe : IDisposable
{
    private readonly ProbeTarget target;
    private readonly V1Probe probe;
    private readonly ProbeCounter counter;
    private readonly Func<bool> mayRun;
    private readonly Action<ContainerProbe> changed;
    private readonly CancellationTokenSource stop = new();
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(49);
    private readonly ITimer timer;
    private readonly ILogger logger;

    public ContainerProbe(ProbeTarget target, ProbeKind kind, V1Probe probe, bool? initial, Func<bool> mayRun, Action<ContainerProbe> changed)
    {
        (this.target, Kind, this.probe, this.mayRun, this.changed) = (target, kind, probe, mayRun, changed);
        counter = new ProbeCounter(initial, probe.SuccessThreshold ?? 1, probe.FailureThreshold ?? 3);
        logger = target.Node.Logs.CreateLogger<ContainerProbe>();
        var time = target.Node.Time;
        var due = (target.StartedAt + TimeSpan.FromSeconds(probe.InitialDelaySeconds ?? 0)) - time.GetUtcNow();
        timer = time.CreateTimer(_ => _ = Task.Run(RunAsync), null, due > TimeSpan.Zero ? Bounded(due) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public ProbeKind Kind { get; }
    public bool? Verdict => counter.Verdict;
    private TimeSpan Period => Bounded(TimeSpan.FromSeconds(probe.PeriodSeconds ?? 10));
    private TimeSpan TimeLimit => Bounded(TimeSpan.FromSeconds(probe.TimeoutSeconds ?? 1));

    // A timer takes no more than seven weeks; the API allows decades.
    private static TimeSpan Bounded(TimeSpan wait) => wait < LongestWait ? wait : LongestWait;

    /// <summary>Asks now rather than at the end of the period.</summary>
    public void Hurry() => timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        stop.Cancel();
        timer.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            if (mayRun())
            {
                await AskAsync();
            }

            // A startup probe has said all it can once it succeeded, and one that asked for a restart gets a new container.
            var over = (Kind == ProbeKind.Startup && Verdict is not null) || (Kind == ProbeKind.Liveness && Verdict == false);
            if (!over && !stop.IsCancellationRequested)
            {
                timer.Change(Period, Timeout.InfiniteTimeSpan);
            }
        }
        catch (Exception cancelled) when (cancelled is OperationCanceledException or ObjectDisposedException && stop.IsCancellationRequested)
        {
            // The container has ended.
        }
    }

    private async Task AskAsync()
    {
        var outcome = await OutcomeAsync();
        stop.Token.ThrowIfCancellationRequested();
        target.Node.Tally.Probed(new ProbedContainer(target.Namespace, target.PodName, target.PodUid, target.Container.Name, Kind, outcome.Success));
        if (!outcome.Success)
        {
            target.Unhealthy($"{Kind} probe failed: {outcome.Output}");
        }

        else if (outcome.Warning)
        {
            target.Warned($"{Kind} probe warning: {outcome.Output}");
        }

        if (counter.Add(outcome.Success))
        {
            LogChanged(Kind, target.Container.Name, target.PodName, counter.Verdict == true);
            changed(this);
        }
    }

    private async Task<ProbeOutcome> OutcomeAsync()
    {
        try
        {
            var network = target.Node.Network;
            if (probe.Exec is { } exec)
            {
                return await ExecAsync([.. exec.Command ?? []]);
            }

            if (probe.HttpGet is { } http)
            {
                return await network.HttpAsync(HandlerTargets.Http(http, target.Container, target.Ip), TimeLimit, stop.Token);
            }

            if (probe.TcpSocket is { } tcp)
            {
                return await network.TcpAsync(tcp.Host is { Length: > 0 } host ? host : target.Ip, HandlerTargets.Port(tcp.Port, target.Container), TimeLimit, stop.Token);
            }

            return probe.Grpc is { } grpc
                ? await network.GrpcAsync(target.Ip, grpc.Port, grpc.Service ?? "", TimeLimit, stop.Token)
                : ProbeOutcome.Bad("missing probe handler");
        }
        catch (Exception failed) when (failed is RuntimeException or FormatException)
        {
            return ProbeOutcome.Bad(failed.Message);
        }
    }

    private async Task<ProbeOutcome> ExecAsync(IReadOnlyList<string> command)
    {
        var result = await target.Node.Runtime.Containers.ExecAsync(target.ContainerId, command, TimeLimit, stop.Token);
        if (result.TimedOut)
        {
            return ProbeOutcome.Bad($"command timed out: \"{string.Join(' ', command)}\" timed out after {TimeLimit.TotalSeconds:0}s");
        }

        return new ProbeOutcome(result.ExitCode == 0, System.Text.Encoding.UTF8.GetString(result.Output));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Kind} probe of {Container} in {Pod} now says {Healthy}")]
    private partial void LogChanged(ProbeKind kind, string container, string pod, bool healthy);
}

/// <summary>The container that a probe asks.</summary>
/// <param name="Unhealthy">Records the event of a failed probe.</param>
/// <param name="Warned">Records the event of one that succeeded with a doubt.</param>
internal sealed record ProbeTarget(
    NodeServices Node, string Namespace, string PodName, string PodUid, V1Container Container, string ContainerId, DateTimeOffset StartedAt, string Ip, Action<string> Unhealthy, Action<string> Warned);
