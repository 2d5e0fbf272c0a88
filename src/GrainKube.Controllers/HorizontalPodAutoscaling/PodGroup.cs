namespace GrainKube.Controllers.HorizontalPodAutoscaling;

/// <summary>How a pod counts when replicas are computed.</summary>
internal enum PodGroup
{
    /// <summary>Its figure counts.</summary>
    Ready,

    /// <summary>It is not up yet: taken for idle where more are wanted, otherwise left out.</summary>
    Unready,

    /// <summary>It runs but has no figure: taken for the worst case.</summary>
    Missing,

    /// <summary>It is going or has failed.</summary>
    Ignored,
}
