using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Core.Pods;
using GrainKube.Scheduler.Affinity;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Spreading;
using k8s.Models;

namespace GrainKube.Scheduler.Pods;

/// <summary>A pod as the scheduler sees it: read once from its bytes, then only numbers and small lists.</summary>
internal sealed record PodRequest
{
    private PodRequest() { }

    public required ObjectKey Key { get; init; }
    public required string Uid { get; init; }
    public required string NodeName { get; init; }

    /// <summary>Generation of the pod's spec.</summary>
    public required long Generation { get; init; }
    public required string SchedulerName { get; init; }
    public required int Priority { get; init; }

    /// <summary>It may push out pods of lower priority.</summary>
    public required bool MayPreempt { get; init; }
    public required bool IsGated { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary>Who controls it, if anybody.</summary>
    public required OwnerReference? Controller { get; init; }

    /// <summary>What rules of affinity and spreading see of it.</summary>
    public required PodIdentity Identity { get; init; }
    public IReadOnlyDictionary<string, string> Labels => Identity.Labels;
    public PodAffinity Affinity => Identity.Affinity;
    public required IReadOnlyList<SpreadConstraint> Spread { get; init; }

    /// <summary>Images of its containers, with their tags.</summary>
    public required string[] Images { get; init; }

    /// <summary>What its status says.</summary>
    public required PodMarks Marks { get; init; }

    /// <summary>What it asks for, <c>pods: 1</c> included; for a placed pod that was resized, what its node must hold ready for it.</summary>
    public required ResourceVector Requests { get; init; }

    /// <summary>The same with upstream's assumed 100m CPU and 200 MB for containers that say nothing; only scores look at it.</summary>
    public required ResourceVector AssumedRequests { get; init; }
    public required IReadOnlyList<HostPort> HostPorts { get; init; }

    /// <summary>An array: it is walked once for each node.</summary>
    public required KeyValuePair<string, string>[] NodeSelector { get; init; }
    public required V1NodeSelector? RequiredAffinity { get; init; }
    public required IReadOnlyList<V1PreferredSchedulingTerm> PreferredAffinity { get; init; }
    public required IReadOnlyList<V1Toleration> Tolerations { get; init; }

    /// <summary>Claims of its volumes in its namespace, and whether they are made for it.</summary>
    public required IReadOnlyList<(string Name, bool IsEphemeral)> Claims { get; init; }

    /// <summary>The spec as bytes: the same bytes ask for the same.</summary>
    private ReadOnlyMemory<byte> Spec { get; init; }

    /// <summary>True where a later version of the pod, which waits for a node, changes nothing for the scheduler.</summary>
    public bool AsksTheSameAs(PodRequest later) => Spec.Span.SequenceEqual(later.Spec.Span) && PodIdentity.SameLabels(Labels, later.Labels);

    public static PodRequest Of(KubeObject pod, ResourceNames names) => pod.Derive(p => Read(p, names));

    /// <summary>The same for a later version of the pod. Where it asks for the same (its generation and what its node gave it say so), nothing but labels and status is read.</summary>
    public PodRequest Later(KubeObject pod, ResourceNames names)
    {
        var marks = PodMarks.Of(pod);
        if (pod.Header.Generation != Generation || marks.Given != Marks.Given || marks.IsResizeInfeasible != Marks.IsResizeInfeasible)
        {
            return Of(pod, names);
        }

        var same = marks.IsTerminating == Identity.IsTerminating && PodIdentity.SameLabels(Labels, pod.Header.Labels);
        return same && marks == Marks ? this : this with
        {
            Marks = marks,
            Identity = same ? Identity : new PodIdentity(pod.Key.Namespace, pod.Header.Labels, marks.IsTerminating, Affinity),
        };
    }

    private static PodRequest Read(KubeObject item, ResourceNames names)
    {
        // The spec is a third of a pod's bytes; what its node gave it differs from what it asks for only where that was changed.
        var bytes = item.Member("spec"u8);
        var spec = TypedView.Of<PlacementSpec>(bytes.Span);
        var status = item.Header.Generation > 1 && item.Member("status"u8) is { Length: > 0 } told ? TypedView.Of<V1PodStatus>(told.Span) : null;
        var marks = PodMarks.Of(item);
        var (requests, assumed) = PodResources.Of(spec, status, marks.IsResizeInfeasible, names);
        var affinity = spec.Affinity?.NodeAffinity;
        return new PodRequest
        {
            Spec = bytes,
            Key = item.Key,
            Uid = item.Header.Uid,
            NodeName = spec.NodeName ?? "",
            Generation = item.Header.Generation,
            SchedulerName = spec.SchedulerName ?? "default-scheduler",
            Priority = spec.Priority ?? 0,
            MayPreempt = spec.PreemptionPolicy != "Never",
            Controller = item.Header.Controller,
            Identity = new PodIdentity(item.Key.Namespace, item.Header.Labels, marks.IsTerminating, PodAffinity.Of(spec.Affinity, item.Key.Namespace)),
            Spread = spec.TopologySpreadConstraints is { Count: > 0 } spread ? [.. spread.Select(SpreadConstraint.Of)] : [],
            Images = [.. (spec.InitContainers is { Count: > 0 } inits ? inits.Concat(spec.Containers) : spec.Containers).Select(static c => Tagged(c.Image ?? ""))],
            Marks = marks,
            IsGated = spec.SchedulingGates is { Count: > 0 },
            Created = item.Header.CreationTimestamp ?? DateTimeOffset.MinValue,
            Requests = requests,
            AssumedRequests = assumed,
            HostPorts = spec.HasPorts ? [.. HostPort.Of(spec.Containers.Select(c => c.Ports), (spec.InitContainers ?? []).Select(c => (c.RestartPolicy, c.Ports)))] : [],
            Claims = ClaimsOf(item, spec),
            NodeSelector = spec.NodeSelector is { } selector ? [.. selector] : [],
            RequiredAffinity = affinity?.RequiredDuringSchedulingIgnoredDuringExecution,
            PreferredAffinity = affinity?.PreferredDuringSchedulingIgnoredDuringExecution?.AsReadOnly() ?? (IReadOnlyList<V1PreferredSchedulingTerm>)[],
            Tolerations = spec.Tolerations?.AsReadOnly() ?? (IReadOnlyList<V1Toleration>)[],
        };
    }

    private static IReadOnlyList<(string Name, bool IsEphemeral)> ClaimsOf(KubeObject pod, PlacementSpec spec)
    {
        var names = PodClaims.Of(pod);
        return names.Count == 0 ? [] : [.. names.Select(n => (n, spec.Volumes!.Any(v => v.Ephemeral is not null && PodClaims.OfEphemeral(pod.Key.Name, v.Name) == n)))];
    }

    /// <summary>An image's name as nodes report it.</summary>
    private static string Tagged(string image) => image.LastIndexOf(':') <= image.LastIndexOf('/') ? image + ":latest" : image;
}
