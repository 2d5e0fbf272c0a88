using GrainKube.ApiMachinery.Objects;
using GrainKube.Networking.Proxy.Connections;
using GrainKube.Networking.Proxy.Health;
using GrainKube.Networking.Proxy.Iptables;
using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Proxy.Nftables;
using GrainKube.Networking.Proxy.Views;
using GrainKube.Objects.Cache;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GrainKube.Networking.Proxy.Hosting;

/// <summary>Runs the proxy from when the silo is up until it stops; the rules stay behind, so that services go on while the server is restarted.</summary>
internal sealed partial class ServiceProxyLifecycle(WatchCache cache, IOptions<ServiceProxyOptions> options, TimeProvider time, ILoggerFactory logs)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly GroupResource Nodes = new("", "nodes");
    private static readonly TimeSpan NodePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource stopping = new();
    private readonly ILogger logger = logs.CreateLogger<ServiceProxyLifecycle>();
    private Task running = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(ServiceProxyLifecycle), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancel)
    {
        running = Task.Run(KeepRunningAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancel)
    {
        await stopping.CancelAsync();
        await running;
    }

    private async Task KeepRunningAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stopping.Token);
                return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Whatever it was: a node whose services stand still would be wrong for ever, one that begins anew can only be late.
                LogFailed(error);
            }

            await Task.Delay(RetryAfter, time, stopping.Token).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        var machine = new MachineCommands();
        var setup = new MachineSetup(machine, logger);
        var node = new ProxyNode(options.Value.NodeName, await PodRangeAsync(cancel), options.Value.ClusterCidr);
        var kind = options.Value.Backend == ProxyBackendKind.None ? null : await setup.ChooseAsync(options.Value.Backend, cancel);
        if (kind is null)
        {
            if (options.Value.Backend != ProxyBackendKind.None)
            {
                LogUnusable(options.Value.Backend);
            }

            await setup.RemoveOthersAsync(null, node, cancel);
            return;
        }

        node = node with { MasqueradeBridged = await setup.PrepareAsync(cancel) };
        IProxyBackend backend = kind == ProxyBackendKind.Nftables ? new NftablesBackend(machine, node) : new IptablesBackend(machine, node);
        LogStarting(kind.Value);
        using var view = new CachedServices(cache, node.Name);
        using var health = new HealthPorts(logs.CreateLogger<HealthPorts>());
        var proxy = new ServiceProxy(
            view, backend, new StaleFlows(machine), new PodBridge(machine, node.PodRange), new ForwardPassage(machine, node), health, time, logs.CreateLogger<ServiceProxy>());
        proxy.FirstApplied += () => setup.RemoveOthersAsync(kind, node, cancel);
        await proxy.RunAsync(cancel);
    }

    // The node may be about to get its range; where it says nothing the option holds.
    private async Task<string> PodRangeAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(NodePatience);
        var nodes = cache.Kind(Nodes);
        var watch = nodes.Watch(nodes.Snapshot.Revision);
        try
        {
            while (true)
            {
                if (nodes.Get("", options.Value.NodeName)?.As<V1Node>().Spec?.PodCIDR is { Length: > 0 } range)
                {
                    return range;
                }

                await watch.NextAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested && options.Value.PodCidr.Length > 0)
        {
            return options.Value.PodCidr;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Service proxy: {Backend}")]
    private partial void LogStarting(ProxyBackendKind backend);

    [LoggerMessage(Level = LogLevel.Error, Message = "Service proxy: this machine cannot do {Backend} (is the program installed, and are we root?); services have no addresses on this node")]
    private partial void LogUnusable(ProxyBackendKind backend);

    [LoggerMessage(Level = LogLevel.Error, Message = "Service proxy: begins anew after a failure")]
    private partial void LogFailed(Exception error);
}
