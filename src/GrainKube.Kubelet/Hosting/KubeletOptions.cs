namespace GrainKube.Kubelet.Hosting;

/// <summary>This machine's node.</summary>
public sealed class KubeletOptions
{
    /// <summary>Name of the node; must equal the silo's name, because the kubelet's grain is placed by it. Empty means this process has no nodes.</summary>
    public string NodeName { get; set; } = "";

    /// <summary>Whether the machine itself is a node; false for <c>--no-node</c>, which may still have simulated ones. Default: true.</summary>
    public bool HasNode { get; set; } = true;

    /// <summary>Where pods' volumes live. Absolute. Default: <c>/var/lib/grainkube/kubelet</c>.</summary>
    public string RootDirectory { get; set; } = "/var/lib/grainkube/kubelet";

    /// <summary>Directory of manifests of pods that this node runs by itself. Default: empty, none.</summary>
    public string StaticPods { get; set; } = "";

    /// <summary>Range of pod addresses where the Node has no <c>spec.podCIDR</c>; a new Node gets it. Empty waits until the cluster has given the Node one. Default: empty.</summary>
    public string PodCidr { get; set; } = "";

    /// <summary>The node's own address; empty takes the first address that is not loopback.</summary>
    public string NodeIp { get; set; } = "";

    /// <summary>Most pods the node takes. Default: 110.</summary>
    public int MaxPods { get; set; } = 110;

    /// <summary>Addresses of the cluster's DNS; empty gives pods the host's resolver.</summary>
    public IReadOnlyList<string> ClusterDns { get; set; } = [];

    /// <summary>Domain of the cluster. Default: <c>cluster.local</c>.</summary>
    public string ClusterDomain { get; set; } = "cluster.local";

    /// <summary>Nodes without containers that run in this process beside the real one. Default: 0.</summary>
    public int SimulatedNodes { get; set; }

    /// <summary>The real node's runtime is simulated as well (<c>--runtime simulated</c>).</summary>
    public bool Simulated { get; set; }

    /// <summary>First three parts of simulated nodes' ranges are drawn from this /8 to /16, a /24 each. Default: <c>10.64.0.0/10</c>.</summary>
    public string SimulatedPodCidr { get; set; } = "10.64.0.0/10";

    /// <summary>How long the node's Lease is good for. Liveness is membership: renewing every third of this is only for readers of the API. Default: 15 minutes.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often the runtime is asked what runs, so that an end of which it did not tell is seen. Default: 5 seconds.</summary>
    public TimeSpan RelistPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often each pod is looked at although nothing happened, as a net below the events. Default: 10 minutes.</summary>
    public TimeSpan ResyncPeriod { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>When images that nobody uses are removed.</summary>
    public ImageCollectionOptions Images { get; set; } = new();

    /// <summary>When pods are evicted because the machine is short of something.</summary>
    public EvictionOptions Eviction { get; set; } = new();

    /// <summary>What the node says its kubelet's version is. Default: the API's, <c>v1.37.0+grainkube</c>.</summary>
    public string Version { get; set; } = "v1.37.0+grainkube";
}
