using System.Text.Json.Nodes;
using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Pods;
using k8s.Models;

namespace GrainKube.Kubelet.PodStatus;

/// <summary>All that a pod's status is made from.</summary>
internal sealed record PodStatusInput
{
    public required PodSituation Situation { get; init; }
    public required PodPlan Plan { get; init; }

    /// <summary>The status as the API has it; what it says of containers that are gone from the runtime is kept.</summary>
    public required JsonObject Current { get; init; }
    public required long Generation { get; init; }

    /// <summary>Scheme of container ids, for example <c>docker</c>.</summary>
    public required string RuntimeName { get; init; }
    public required string HostIp { get; init; }
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>Termination messages by container id.</summary>
    public IReadOnlyDictionary<string, string> TerminationMessages { get; init; } = new Dictionary<string, string>();

    /// <summary>Nothing of the pod runs and nothing will.</summary>
    public bool Ended { get; init; }

    /// <summary>Why resources that were asked for are not in force, where they are not.</summary>
    public ResizeTrouble? Resize { get; init; }

    /// <summary>Resources were granted that are not all in force yet.</summary>
    public bool Resizing { get; init; }

    /// <summary>The pod as the node last granted it resources, where that is known.</summary>
    public V1PodSpec? Granted { get; init; }

    /// <summary>Why the kubelet ended the pod (eviction, deadline, rejection), if it did.</summary>
    public PodEnd? End { get; init; }
}

/// <summary>The kubelet's own reason to fail a pod.</summary>
/// <param name="Reason">For example <c>DeadlineExceeded</c> or <c>OutOfcpu</c>.</param>
/// <param name="Message">What a person reads.</param>
/// <param name="Rejected">The pod was never started here.</param>
/// <param name="Grace">How long its containers have to end, where that is not what the pod says.</param>
/// <param name="Disruption">It goes through no fault of its own, which a condition tells whoever counts failures.</param>
internal sealed record PodEnd(string Reason, string Message, bool Rejected = false, TimeSpan? Grace = null, bool Disruption = false);
