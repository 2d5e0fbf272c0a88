using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.PodStatus;
using GrainKube.Kubelet.Runtime;
using GrainKube.Objects.Writes;
using Microsoft.Extensions.Logging;

namespace GrainKube.Kubelet.NodeStatus;

/// <summary>Makes the Node object, keeps its status true, and renews its Lease. Nothing is written that did not change, the Lease's renewal apart.</summary>
internal sealed partial class NodeRegistration(NodeServices services) : IDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(10);
    private readonly MachineFacts machine = MachineFacts.Read(services.Options.RootDirectory);
    private readonly CancellationTokenSource stop = new();
    private readonly ILogger logger = services.Logs.CreateLogger<NodeRegistration>();
    private RuntimeInfo? runtime;
    private ITimer? timer;
    private Task? following;

    private NodeOptions Options => services.Options;

    /// <summary>The range of pod addresses that is in use, once it is known: a Node that is deleted and made again gets the same.</summary>
    public string PodCidr { get; set; } = "";

    /// <summary>Creates the Node where it is missing, and takes its allocatable amounts as what pods may have.</summary>
    public async Task<KubeObject> RegisterAsync(RuntimeInfo info, CancellationToken cancel)
    {
        runtime = info;
        var node = services.View.Get(Keys.Node(Options.Name)) ?? await CreateAsync(info, cancel);
        node = await LabelAsync(node, info, cancel);
        services.Ledger.Allocatable = Offered(node.ToNode()["status"] as JsonObject ?? []);
        return node;
    }

    /// <summary>What pods may have, where the node's status is like that.</summary>
    private Dictionary<string, long> Offered(JsonObject status)
    {
        var offered = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["cpu"] = machine.Cpus * 1000L,
            ["memory"] = machine.MemoryBytes - (100L << 20),
            ["ephemeral-storage"] = machine.DiskBytes,
            ["pods"] = Options.MaxPods,
        };
        foreach (var (name, amount) in NodeObject.Resources(Options, machine, status)["allocatable"]!.AsObject())
        {
            if (amount is not null && Quantity.TryParse(amount.ToString(), out var quantity, out _))
            {
                offered.TryAdd(name, quantity.Value);
            }
        }

        return offered;
    }

    /// <summary>Resources that somebody writes into the capacity are offered to pods without waiting for the next report.</summary>
    private async Task FollowCapacityAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await services.View.WaitForAsync(Keys.Node(Options.Name), OffersOtherwise, stop.Token);
                await ReportAsync(problem: null, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                LogFailed(failed, Options.Name);
                await Task.Delay(PauseAfterFailure, services.Time, stop.Token);
            }
        }
    }

    private bool OffersOtherwise(KubeObject node)
    {
        var status = node.ToNode()["status"] as JsonObject ?? [];
        var (offered, offers) = (Offered(status), services.Ledger.Allocatable);
        return offered.Count != offers.Count || offered.Any(o => offers.GetValueOrDefault(o.Key, -1) != o.Value)
            || StatusDifference.Between(status, NodeObject.Resources(Options, machine, status))?.Any(d => d.Key is "allocatable" or "capacity") == true;
    }

    /// <summary>Says that the node is ready, and goes on saying so.</summary>
    public async Task ReportReadyAsync(CancellationToken cancel)
    {
        if (following is null && !Options.Simulated)
        {
            services.Record("Normal", "Starting", "Starting kubelet.");
        }

        await ReportAsync(problem: null, cancel);
        await RenewAsync(cancel);
        var period = Options.LeaseDuration / 3;
        following ??= Options.Simulated ? FollowCapacityAsync() : Task.WhenAll(FollowCapacityAsync(), NodeEvents.FollowCordonAsync(services, stop.Token));
        timer ??= services.Time.CreateTimer(_ => _ = Task.Run(TickAsync), null, period, period);
    }

    public void Dispose()
    {
        stop.Cancel();
        timer?.Dispose();
    }

    private async Task TickAsync()
    {
        try
        {
            await ReportAsync(problem: null, stop.Token);
            await RenewAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The kubelet is stopping.
        }
        catch (Exception failed)
        {
            LogFailed(failed, Options.Name);
        }
    }

    private async Task<KubeObject> CreateAsync(RuntimeInfo info, CancellationToken cancel)
    {
        try
        {
            return await services.View.CreateAsync(NodeObject.New(PodCidr.Length > 0 ? Options with { PodCidr = PodCidr } : Options, info), cancel);
        }
        catch (ApiException exists) when (exists.Status.Reason == "AlreadyExists")
        {
            await services.View.WaitUntilCurrentAsync(cancel);
            return services.View.Get(Keys.Node(Options.Name)) ?? throw ApiException.NotFound(Keys.Node("").GroupResource, Options.Name);
        }
    }

    private async Task<KubeObject> LabelAsync(KubeObject node, RuntimeInfo info, CancellationToken cancel)
    {
        var missing = new JsonObject();
        foreach (var (name, value) in NodeObject.Labels(Options, info))
        {
            if (!node.Header.Labels.TryGetValue(name, out var present) || present != value!.GetValue<string>())
            {
                missing[name] = value!.DeepClone();
            }
        }

        return missing.Count == 0 ? node
            : await services.View.PatchAsync(node.Key, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = missing } }, "", new Preconditions(node.Header.Uid), cancel);
    }

    /// <summary>Writes the node's status where it differs.</summary>
    /// <param name="problem">Why the node cannot run pods, or null where it can.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task ReportAsync(string? problem, CancellationToken cancel)
    {
        var info = runtime ?? throw new InvalidOperationException("RegisterAsync comes first");
        await services.View.WaitUntilCurrentAsync(cancel);
        var node = services.View.Get(Keys.Node(Options.Name)) ?? await CreateAsync(info, cancel);
        var current = node.ToNode()["status"] as JsonObject ?? [];
        var images = problem is null ? await services.Runtime.Images.ListAsync(cancel) : [];
        var wanted = NodeObject.Status(Options, machine, info, images, current, problem, services.Pressures, services.Time.GetUtcNow());
        services.Ledger.Allocatable = Offered(current);
        if (StatusDifference.Between(current, wanted) is { } patch)
        {
            await services.View.PatchAsync(node.Key, new JsonObject { ["status"] = patch }, "status", new Preconditions(node.Header.Uid), cancel);
            foreach (var reason in Options.Simulated ? [] : NodeEvents.Between(current, wanted))
            {
                NodeEvents.Tell(services, reason);
            }
        }
    }

    private async Task RenewAsync(CancellationToken cancel)
    {
        var key = Keys.Lease(Options.Name);
        var spec = new JsonObject
        {
            ["holderIdentity"] = Options.Name,
            ["leaseDurationSeconds"] = (int)Options.LeaseDuration.TotalSeconds,
            ["renewTime"] = GoTime.FormatMicro(services.Time.GetUtcNow()),
        };
        if (services.View.Get(key) is not null)
        {
            await services.View.PatchAsync(key, new JsonObject { ["spec"] = spec }, "", null, cancel);
            return;
        }

        var metadata = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace };
        if (services.View.Get(Keys.Node(Options.Name)) is { } node)
        {
            metadata["ownerReferences"] = new JsonArray
            {
                new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = Options.Name, ["uid"] = node.Header.Uid },
            };
        }

        await services.View.CreateAsync(
            new JsonObject { ["apiVersion"] = "coordination.k8s.io/v1", ["kind"] = "Lease", ["metadata"] = metadata, ["spec"] = spec }, cancel);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Status or lease of node {Node} could not be renewed")]
    private partial void LogFailed(Exception exception, string node);
}
