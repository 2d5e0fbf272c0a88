namespace GrainKube.Controllers.ServiceEndpoints;

/// <summary>Names that endpoints and slices carry, as upstream spells them.</summary>
internal static class EndpointLabels
{
    /// <summary>On a slice: the service it belongs to.</summary>
    public const string ServiceName = "kubernetes.io/service-name";

    /// <summary>On a slice: who keeps it.</summary>
    public const string ManagedBy = "endpointslice.kubernetes.io/managed-by";

    /// <summary>On Endpoints: who keeps them.</summary>
    public const string EndpointsManagedBy = "endpoints.kubernetes.io/managed-by";

    /// <summary>Present, and empty, where the service has no address of its own.</summary>
    public const string Headless = "service.kubernetes.io/headless";

    /// <summary>On Endpoints: <c>true</c> keeps them from being mirrored.</summary>
    public const string SkipMirror = "endpointslice.kubernetes.io/skip-mirror";

    /// <summary>Annotation: when the change happened that the endpoints follow, for measuring their delay.</summary>
    public const string TriggerTime = "endpoints.kubernetes.io/last-change-trigger-time";

    /// <summary>Annotation on Endpoints that had to leave addresses out.</summary>
    public const string OverCapacity = "endpoints.kubernetes.io/over-capacity";

    /// <summary>Annotation on Endpoints that are really a lock.</summary>
    public const string LeaderElection = "control-plane.alpha.kubernetes.io/leader";
}
