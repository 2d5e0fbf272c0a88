using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Images.Collection;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.PodStatus;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace GrainKube.Kubelet.Pressure;

/// <summary>Watches what the machine has left, tells it by the Node's conditions, and makes room: first by what nobody uses, then by one pod at a time.</summary>
/// <param name="node">The node.</param>
/// <param name="images">Removes images that nobody uses.</param>
/// <param name="evict">Ends a pod by its uid; false where it is ending already.</param>
/// <param name="report">Writes the Node's conditions.</param>
internal sealed partial class PressureManager(NodeServices node, ImageCollector images, Func<string, PodEnd, bool> evict, Func<CancellationToken, Task> report)
{
    /// <summary>How often the machine is looked at; upstream's.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>What a pod gets that must go at once.</summary>
    public static readonly TimeSpan ImmediateGrace = TimeSpan.FromSeconds(1);

    /// <summary>How long a pod that was evicted is waited for before another one goes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IReadOnlyList<Threshold> thresholds = node.Options.Eviction.Parse();
    private readonly ILogger logger = node.Logs.CreateLogger<PressureManager>();
    private PressureHistory history = PressureHistory.None;
    private Pressures reported;
    private (string Uid, DateTimeOffset Since)? going;

    public async Task LookAsync(CancellationToken cancel)
    {
        if (node.Figures is not { } machine || thresholds.Count == 0)
        {
            return;
        }

        var figures = machine.Read(node.ImageDirectory);
        var plan = PressurePlan.For(history, thresholds, figures, node.Options.Eviction.PressureTransitionPeriod, node.Time.GetUtcNow());
        (history, node.Pressures) = (plan.History, plan.Pressures);
        if (reported != plan.Pressures)
        {
            await report(cancel);
            reported = plan.Pressures;
        }

        if (plan.Due.Count == 0 || await IsWaitingAsync(cancel))
        {
            return;
        }

        var threshold = plan.Due[0];
        var resource = Signals.ResourceOf(threshold.Signal);
        LogShort(resource);
        node.Record("Warning", "EvictionThresholdMet", $"Attempting to reclaim {resource}");
        if (!await ReclaimAsync(threshold.Signal, figures, cancel))
        {
            await EvictAsync(threshold, figures, cancel);
        }
    }

    /// <summary>Makes room without a pod going.</summary>
    /// <returns>True where there is enough of everything now.</returns>
    private async Task<bool> ReclaimAsync(Signal signal, MachineFigures figures, CancellationToken cancel)
    {
        var ofNode = signal is Signal.NodeFsAvailable or Signal.NodeFsInodesFree;
        if (Signals.PressureOf(signal) != Pressures.Disk || (ofNode && !figures.HasOneDisk))
        {
            return false;
        }

        await RemoveEndedAsync(cancel);
        await images.RemoveUnusedAsync(cancel);
        var now = node.Figures!.Read(node.ImageDirectory);
        return !thresholds.Any(threshold => threshold.IsMet(now, withReclaim: true));
    }

    /// <summary>Containers of pods that are through go; what is known of them is in their status.</summary>
    private async Task RemoveEndedAsync(CancellationToken cancel)
    {
        foreach (var (uid, state) in await node.Picture.GetAllAsync(cancel))
        {
            if (!state.AnyRunning && Find(uid) is { } pod && PodPhase.IsTerminal(pod.As<V1Pod>().Status?.Phase))
            {
                await PodRemains.RemoveContainersAsync(node, state, cancel);
            }
        }
    }

    private async Task EvictAsync(Threshold threshold, MachineFigures figures, CancellationToken cancel)
    {
        var states = await node.Picture.GetAllAsync(cancel);
        var candidates = new List<PodUse>();
        foreach (var pod in node.View.Pods().ToList())
        {
            if (states.TryGetValue(pod.Header.Uid, out var state) && state.AnyRunning && !PodPhase.IsTerminal(pod.As<V1Pod>().Status?.Phase))
            {
                candidates.Add(await PodUses.ReadAsync(node, pod, state, Signals.PressureOf(threshold.Signal) == Pressures.Disk, cancel));
            }
        }

        foreach (var use in PodRanking.Order(candidates, threshold.Signal, figures.HasOneDisk).Where(use => !PressureAdmission.IsCritical(use.Object.As<V1Pod>())))
        {
            var message = EvictionMessage.LowOn(threshold, figures, use);
            var grace = threshold.IsHard ? ImmediateGrace : node.Options.Eviction.MaxPodGracePeriod;
            if (evict(use.Object.Header.Uid, new PodEnd(EvictionMessage.Reason, message, Grace: grace, Disruption: true)))
            {
                going = (use.Object.Header.Uid, node.Time.GetUtcNow());
                LogEvicted(use.Object.Key, message);
                return;
            }
        }
    }

    /// <summary>The last pod that was evicted still runs: what it frees is not to be seen yet.</summary>
    private async Task<bool> IsWaitingAsync(CancellationToken cancel)
    {
        if (going is { } pod && node.Time.GetUtcNow() - pod.Since < Patience && (await node.Picture.GetAsync(pod.Uid, cancel)).AnyRunning)
        {
            return true;
        }

        going = null;
        return false;
    }

    private KubeObject? Find(string uid) => node.View.Pods().FirstOrDefault(pod => pod.Header.Uid == uid);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node is short of {Resource}")]
    private partial void LogShort(string resource);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Evicted pod {Pod}: {Message}")]
    private partial void LogEvicted(ObjectKey pod, string message);
}
