using GrainKube.Kubelet.Hosting;

namespace GrainKube.Kubelet.Agent;

/// <summary>One node, real or simulated, as its agent needs it.</summary>
internal sealed record NodeOptions
{
    public required string Name { get; init; }

    /// <summary>Used where the Node has no <c>spec.podCIDR</c>; empty waits until it has one.</summary>
    public required string PodCidr { get; init; }
    public required string NodeIp { get; init; }
    public bool Simulated { get; init; }
    public int MaxPods { get; init; } = 110;
    public string RootDirectory { get; init; } = "";

    /// <summary>Directory of static pods' manifests; empty for none.</summary>
    public string StaticPods { get; init; } = "";
    public IReadOnlyList<string> ClusterDns { get; init; } = [];
    public string ClusterDomain { get; init; } = "cluster.local";
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often the runtime is asked what runs, beside its events; zero means never.</summary>
    public TimeSpan RelistPeriod { get; init; }

    /// <summary>Zero means never.</summary>
    public TimeSpan ResyncPeriod { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>When images that nobody uses go.</summary>
    public ImageCollectionOptions Images { get; init; } = new();

    /// <summary>When pods go, so that others can run.</summary>
    public EvictionOptions Eviction { get; init; } = new();
    public string Version { get; init; } = "v1.37.0+grainkube";
}
