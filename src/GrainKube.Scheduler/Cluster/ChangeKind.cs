namespace GrainKube.Scheduler.Cluster;

/// <summary>Kinds of changes that waiting pods may wait for.</summary>
internal enum ChangeKind
{
    /// <summary>A node came, went, or became another by its labels, taints or resources.</summary>
    Node,

    /// <summary>A pod has its place on a node now, or other labels than before.</summary>
    PodCame,

    /// <summary>A pod left its node, or is about to.</summary>
    PodWent,

    /// <summary>A claim, volume or class changed.</summary>
    Volumes,

    /// <summary>A namespace has other labels.</summary>
    Namespace,
}
