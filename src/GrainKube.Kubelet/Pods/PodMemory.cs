using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Probes;
using GrainKube.Kubelet.PodStatus;
using k8s.Models;

namespace GrainKube.Kubelet.Pods;

/// <summary>What a worker keeps between two looks at its pod: hints only. Losing it costs a retry, never a restart of a container.</summary>
internal sealed class PodMemory
{
    public Dictionary<string, StartFailure> Failures { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, string> TerminationMessages { get; } = new(StringComparer.Ordinal);
    public PodProbes? Probes { get; set; }
    public DateTimeOffset? StartTime { get; set; }

    /// <summary>Why the kubelet fails the pod, once it does.</summary>
    public PodEnd? End { get; set; }
    public bool Admitted { get; set; }

    /// <summary>Why resources that were asked for are not in force yet.</summary>
    public ResizeTrouble? Resize { get; set; }

    /// <summary>The pod as the node last granted it resources.</summary>
    public V1PodSpec? Granted { get; set; }

    /// <summary>A resize was begun and not yet seen to be through.</summary>
    public bool Resizing { get; set; }

    /// <summary>The last event about a resize and the generation it was about.</summary>
    public (long Generation, string Reason) ResizeTold { get; set; }

    /// <summary>Volumes are as their sources say; cleared when a source changes.</summary>
    public bool VolumesFresh { get; set; }

    /// <summary>Labels and annotations as the downward API volumes show them.</summary>
    public string ShownMetadata { get; set; } = "";

    /// <summary>Persistent volumes whose content was given to the pod's group.</summary>
    public HashSet<string> OwnedVolumes { get; } = new(StringComparer.Ordinal);

    /// <summary>When the sizes of its <c>emptyDir</c> volumes were last read.</summary>
    public DateTimeOffset? UsageReadAt { get; set; }

    /// <summary>When a token among the volumes must be issued anew.</summary>
    public DateTimeOffset? VolumesRefreshAt { get; set; }

    /// <summary>Volumes could not be made; when to try again and how often they failed in a row.</summary>
    public StartFailure? VolumeFailure { get; set; }

    /// <summary>The sandbox could not be made; when to try again and how often that failed in a row.</summary>
    public StartFailure? SandboxFailure { get; set; }

    /// <summary>Everything of the pod on this node has been removed.</summary>
    public bool CleanedUp { get; set; }

    /// <summary>Messages of Killing events already recorded, by container id.</summary>
    public HashSet<string> Killing { get; } = new(StringComparer.Ordinal);

    /// <summary>Containers that were ended to be followed by another whatever the restart policy says, by id.</summary>
    public HashSet<string> Replaced { get; } = new(StringComparer.Ordinal);

    /// <summary>BackOff events already recorded, by container id.</summary>
    public HashSet<string> BackOffs { get; } = new(StringComparer.Ordinal);

    /// <summary>Last status written and the revision it got: if both stand there is nothing to write, even if the server shaped the status differently.</summary>
    public (string Status, long Revision) Written { get; set; } = ("", 0);
}
