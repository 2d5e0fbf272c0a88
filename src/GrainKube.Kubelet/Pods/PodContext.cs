using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.PodStatus;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.StaticPods;
using k8s.Models;

namespace GrainKube.Kubelet.Pods;

/// <summary>One look at one pod: what it should be, what runs, and what is to be done.</summary>
internal sealed class PodContext(NodeServices node, KubeObject item, PodMemory memory, Action wake)
{
    private PodRuntimeState? runtime;
    private PodPlan? plan;

    public NodeServices Node { get; } = node;
    public KubeObject Object { get; private set; } = item;
    public V1Pod Pod { get; private set; } = item.As<V1Pod>();
    public PodMemory Memory { get; } = memory;

    /// <summary>What the node knows it by: of a static pod not the uid of its API object.</summary>
    public string Uid { get; } = StaticIdentity.Of(item);
    public V1PodSpec Spec => Pod.Spec;

    /// <summary>Ids of what runs of it, containers and sandboxes; nothing before <see cref="RefreshAsync"/>.</summary>
    public IReadOnlyList<string> Running => runtime is null ? [] :
        [.. runtime.Containers.Where(c => c.Phase == ContainerPhase.Running).Select(c => c.Id), .. runtime.Sandboxes.Where(s => s.Running).Select(s => s.Id)];

    public DateTimeOffset Now => Node.Time.GetUtcNow();
    public PodRuntimeState Runtime => runtime ?? throw new InvalidOperationException("RefreshAsync comes first");
    public bool IsTerminating => Object.Header.DeletionTimestamp is not null;

    /// <summary>Nothing of the pod shall run: it is being deleted, has reached a final phase, or was failed by the kubelet.</summary>
    public bool IsEnding => IsTerminating || Memory.End is not null || PodPhase.IsTerminal(Pod.Status?.Phase);

    /// <summary>When to look again although nothing happened.</summary>
    public DateTimeOffset? WakeAt { get; private set; }

    public PodPlan Plan => plan ??= PodPlanner.Plan(Situation());

    public PodSituation Situation() => new()
    {
        Pod = Pod,
        Runtime = Runtime,
        Now = Now,
        Health = Memory.Probes?.Health() ?? new Dictionary<string, ContainerHealth>(),
        Failures = Memory.Failures,
        Replaced = Memory.Replaced,
    };

    /// <summary>Reads from the runtime what is there now; the plan is made anew from it.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        runtime = await Node.Picture.GetAsync(Uid, cancel);
        plan = null;
        Memory.Probes?.Observe(this);
        await TerminationMessages.ReadAsync(this, cancel);
    }

    /// <summary>Takes note of a sandbox that the runtime has just made.</summary>
    public void Add(SandboxState made)
    {
        runtime = Runtime with { Sandboxes = [made, .. Runtime.Sandboxes.Where(s => s.Id != made.Id)] };
        plan = null;
        Memory.Probes?.Observe(this);
    }

    /// <summary>Forgets the plan, because something it rests on changed.</summary>
    public void Replan() => plan = null;

    /// <summary>Takes a newer version of the pod.</summary>
    public void Update(KubeObject newer) => (Object, Pod, plan) = (newer, newer.As<V1Pod>(), null);

    public void Wake() => wake();

    public void WakeBy(DateTimeOffset at) => WakeAt = WakeAt is { } earlier && earlier < at ? earlier : at;

    /// <summary>The pod's status as the API has it.</summary>
    public JsonObject CurrentStatus() => Object.Member("status"u8) is { Length: > 0 } status ? JsonNode.Parse(status.Span) as JsonObject ?? [] : [];

    public void Event(string type, string reason, string message, V1Container? container = null)
    {
        var path = container is null ? ""
            : (Spec.InitContainers ?? []).Any(c => c.Name == container.Name) ? $"spec.initContainers{{{container.Name}}}"
            : EphemeralContainers.Of(Spec).Any(c => c.Name == container.Name) ? $"spec.ephemeralContainers{{{container.Name}}}"
            : $"spec.containers{{{container.Name}}}";
        Node.View.Record(Object, type, reason, message, path);
    }

    public V1Container? Find(string container) =>
        Spec.Containers.FirstOrDefault(c => c.Name == container) ?? (Spec.InitContainers ?? []).FirstOrDefault(c => c.Name == container)
        ?? EphemeralContainers.Of(Spec).FirstOrDefault(c => c.Name == container);
}
