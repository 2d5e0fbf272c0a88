using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Plugins;

/// <summary>Says whether a pod can go anywhere at all, before nodes are looked at.</summary>
internal interface IPodFilterPlugin
{
    /// <summary>True where this pod asks nothing of the plugin.</summary>
    bool Skips(PodRequest pod);

    /// <summary>Why no node can take the pod, in upstream's words; null where one may. What it finds out is good until it is asked again.</summary>
    string? Refusal(PodRequest pod);
}
