using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.NodeStatus;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.StaticPods;
using GrainKube.Kubelet.Usage;
using GrainKube.Objects.Writes;
using Microsoft.Extensions.Logging;

namespace GrainKube.Kubelet.Agent;

/// <summary>The kubelet of one node: registers it, gives every pod bound to it a worker, and wakes the workers.</summary>
internal sealed partial class NodeAgent : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RangePatience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, PodWorker> workers = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private readonly NodeRegistration registration;
    private readonly ILogger logger;
    private IDisposable? subscription;
    private StaticPods.StaticPods? statics;
    private ITimer? resync;
    private readonly NodeUpkeep upkeep;
    private Task events = Task.CompletedTask;
    private Task start = Task.CompletedTask;

    public NodeAgent(NodeServices services)
    {
        Services = services;
        registration = new NodeRegistration(services);
        Usage = new UsageMeter(services);
        upkeep = new NodeUpkeep(services, workers, SweepAsync, cancel => registration.ReportAsync(problem: null, cancel));
        logger = services.Logs.CreateLogger<NodeAgent>();
    }

    public NodeServices Services { get; }

    public UsageMeter Usage { get; }

    /// <summary>Pods that are worked on.</summary>
    public int Pods => workers.Count;

    /// <summary>Begins to run the node; failures are retried in the background. Safe to repeat.</summary>
    public Task StartAsync()
    {
        if (start.IsCompleted && subscription is null && !stop.IsCancellationRequested)
        {
            start = Task.Run(() => UntilItWorksAsync(BeginAsync));
        }

        return start;
    }

    /// <summary>Stops working; pods go on running.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        subscription?.Dispose();
        statics?.Dispose();
        resync?.Dispose();
        registration.Dispose();
        await start;
        await upkeep.DisposeAsync();
        await events;
        await Task.WhenAll(workers.Values.Select(w => w.StopAsync()));
        workers.Clear();
        stop.Dispose();
    }

    /// <summary>Looks at every pod again.</summary>
    public void WakeAll()
    {
        foreach (var worker in workers.Values)
        {
            worker.Wake();
        }
    }

    private async Task BeginAsync()
    {
        var runtime = Services.Runtime;
        var info = await runtime.GetInfoAsync(stop.Token);
        (Services.RuntimeName, Services.ImageDirectory) = (info.Name, info.ImageDirectory);
        await Services.View.WaitUntilCurrentAsync(stop.Token);
        var node = await registration.RegisterAsync(info, stop.Token);
        registration.PodCidr = await CidrOfAsync(node);
        await EnsureNetworkAsync(registration.PodCidr);
        if (events.IsCompleted)
        {
            events = FollowRuntimeAsync();
        }

        if (Services.Options.StaticPods.Length > 0)
        {
            statics ??= new StaticPods.StaticPods(Services, Services.Options.StaticPods, WakeAll);
            statics.Note(node.Header.Uid);
        }

        subscription ??= Services.View.Subscribe(OnPod, OnSource);
        await AdoptAsync();
        if (Services.Options.ResyncPeriod > TimeSpan.Zero)
        {
            resync ??= Services.Time.CreateTimer(_ => WakeAll(), null, Services.Options.ResyncPeriod, Services.Options.ResyncPeriod);
        }

        upkeep.Start();
        await registration.ReportReadyAsync(stop.Token);
        statics?.Start();
        LogStarted(Services.Options.Simulated ? LogLevel.Debug : LogLevel.Information, Services.Options.Name, workers.Count);
    }

    private async Task EnsureNetworkAsync(string podCidr)
    {
        try
        {
            await Services.Runtime.Sandboxes.EnsureNetworkAsync(podCidr, stop.Token);
        }
        catch (RuntimeException failed)
        {
            await registration.ReportAsync($"container runtime network not ready: {failed.Message}", stop.Token);
            throw;
        }
    }

    /// <summary>Takes over what is bound to the node and what runs on it; pods that exist only here are removed by their workers.</summary>
    private async Task AdoptAsync()
    {
        foreach (var pod in Services.View.Pods())
        {
            OnPod(pod);
        }

        await SweepAsync(stop.Token);
    }

    /// <summary>Gives what is left of pods that nobody works on to workers, which remove it.</summary>
    private async Task SweepAsync(CancellationToken cancel)
    {
        foreach (var (uid, state) in (await Services.Picture.GetAllAsync(cancel)).Where(pod => !workers.ContainsKey(pod.Key)))
        {
            var (ns, name) = state.Sandboxes.Count > 0
                ? (state.Sandboxes[0].Namespace, state.Sandboxes[0].PodName)
                : (state.Containers[0].Namespace, state.Containers[0].PodName);
            WorkerFor(uid, Keys.Pod(ns, name)).Wake();
        }

        foreach (var uid in Services.Volumes.PodsWithFiles().Where(uid => !workers.ContainsKey(uid)))
        {
            WorkerFor(uid, Keys.Pod("", "")).Wake();
        }
    }

    private static string? ToCidr(JsonNode? spec) => spec?["podCIDR"]?.GetValue<string>() is { Length: > 0 } cidr ? cidr : null;

    /// <summary>The node's range of pod addresses. The cluster gives it one, usually before anybody notices; where it does not, the node says what it waits for.</summary>
    private async Task<string> CidrOfAsync(KubeObject node)
    {
        if (ToCidr(node.ToNode()["spec"]) is { } cidr)
        {
            return cidr;
        }

        if (Services.Options.PodCidr is { Length: > 0 } own)
        {
            // Somebody else made the Node, without a range. Should the cluster be quicker with one of its own, this is refused and begun again.
            var spec = new JsonObject { ["podCIDR"] = own, ["podCIDRs"] = new JsonArray(own) };
            await Services.View.PatchAsync(node.Key, new JsonObject { ["spec"] = spec }, "", new Preconditions(node.Header.Uid), stop.Token);
            return own;
        }

        var given = Services.View.WaitForAsync(node.Key, item => ToCidr(item.ToNode()["spec"]) is not null, stop.Token);
        if (await Task.WhenAny(given, Task.Delay(RangePatience, Services.Time, stop.Token)) != given)
        {
            await registration.ReportAsync("container runtime network not ready: the node has no podCIDR", stop.Token);
        }

        return ToCidr((await given).ToNode()["spec"])!;
    }

    private void OnPod(KubeObject pod) => WorkerFor(StaticIdentity.Of(pod), pod.Key).Changed(pod);

    private void OnSource(ObjectKey source)
    {
        foreach (var worker in workers.Values)
        {
            if ((source.Namespace.Length == 0 || worker.Key.Namespace == source.Namespace) && Services.View.Get(worker.Key) is { } pod && PodSources.Uses(pod, source))
            {
                worker.SourceChanged();
            }
        }
    }

    private PodWorker WorkerFor(string uid, ObjectKey key) => workers.GetOrAdd(uid, static (id, made) => new PodWorker(made.Services, id, made.Key, made.Done), (Services, Key: key, Done: (Action<PodWorker>)Forget));

    private void Forget(PodWorker worker)
    {
        workers.TryRemove(KeyValuePair.Create(worker.Uid, worker));
        worker.Dispose();
        if (Services.View.Get(worker.Key) is { } back && StaticIdentity.Of(back) == worker.Uid)
        {
            OnPod(back); // a static pod whose manifest came back just now
        }
    }

    private async Task FollowRuntimeAsync()
    {
        await UntilItWorksAsync(async () =>
        {
            await foreach (var happened in Services.Runtime.WatchAsync(stop.Token))
            {
                if (happened.Kind == RuntimeEventKind.Resync)
                {
                    WakeAll();
                }
                else if (workers.TryGetValue(happened.PodUid, out var worker))
                {
                    if (happened.Kind == RuntimeEventKind.Died)
                    {
                        // Docker tells of an end before its lists show it; reading the one container waits until they do.
                        await Services.Runtime.Containers.GetAsync(happened.ContainerId, stop.Token);
                    }

                    worker.Wake();
                }
            }

            stop.Token.ThrowIfCancellationRequested();
            throw new RuntimeException(RuntimeError.Unavailable, "The engine ended its stream of events");
        });
    }

    private async Task UntilItWorksAsync(Func<Task> work)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await work();
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                LogFailed(failed, Services.Options.Name, pause);
            }

            try
            {
                await Task.Delay(pause, Services.Time, stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            WakeAll();
        }
    }

    [LoggerMessage(Message = "Node {Node} runs; {Pods} pods taken over")]
    private partial void LogStarted(LogLevel level, string node, int pods);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The kubelet of node {Node} failed; next try in {Pause}")]
    private partial void LogFailed(Exception exception, string node, TimeSpan pause);
}
