namespace GrainKube.Controllers.PodGarbageCollection;

/// <summary>When pods of nodes that are gone are removed.</summary>
public sealed class PodGarbageCollectionOptions
{
    /// <summary>A node that was just made anew must not cost its pods: so long they are left. Default: 40 seconds, as upstream.</summary>
    public TimeSpan Quarantine { get; set; } = TimeSpan.FromSeconds(40);
}
