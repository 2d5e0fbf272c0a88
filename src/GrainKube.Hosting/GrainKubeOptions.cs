using GrainKube.ApiServer.Admission.PodSecurity;
using GrainKube.ApiServer.Audit;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Authorization;
using GrainKube.Kubelet.Hosting;

namespace GrainKube.Hosting;

/// <summary>What a GrainKube server is to be. The defaults are a whole one-node cluster on Docker with the embedded store.</summary>
public sealed record GrainKubeOptions
{
    /// <summary>Where state, keys and the kubeconfig are kept; made with mode 0700 where absent. Empty keeps everything in memory (tests).</summary>
    public string DataDirectory { get; init; } = "/var/lib/grainkube";

    /// <summary>Address the gateway listens on. Pods must reach it.</summary>
    public string BindAddress { get; init; } = "0.0.0.0";

    /// <summary>Port of the gateway; 0 takes a free one.</summary>
    public int Port { get; init; } = 6443;

    /// <summary>Address that others reach this server by; empty takes the first address of this machine.</summary>
    public string AdvertiseAddress { get; init; } = "";

    /// <summary>Further names and addresses in the serving certificate.</summary>
    public IReadOnlyList<string> TlsNames { get; init; } = [];

    /// <summary>Name of this node and of its silo; empty takes the host name.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>etcd endpoints, comma-separated; empty means the embedded store.</summary>
    public string EtcdEndpoints { get; init; } = "";

    /// <summary>Where the silos of a cluster meet.</summary>
    public ClusteringKind Clustering { get; init; }

    /// <summary>What runs containers on this node.</summary>
    public RuntimeKind Runtime { get; init; }

    /// <summary>Nodes that only pretend, beside the real one.</summary>
    public int SimulatedNodes { get; init; }

    /// <summary>This server has no node of its own.</summary>
    public bool NoNode { get; init; }

    /// <summary>By what callers are known besides client certificates and service-account tokens.</summary>
    public AuthenticationOptions Authentication { get; init; } = new();

    /// <summary>Who decides what callers may do.</summary>
    public AuthorizationOptions Authorization { get; init; } = new();

    /// <summary>What holds for pods of namespaces whose labels say nothing, and who is exempt.</summary>
    public PodSecurityOptions PodSecurity { get; init; } = new();

    /// <summary>Directory of manifests of pods that this node runs by itself; empty for none.</summary>
    public string StaticPods { get; init; } = "";

    /// <summary>Pod range of this node, for example <c>10.244.0.0/24</c>; empty lets the cluster give it a /24 of <see cref="ClusterCidr"/>.</summary>
    public string PodCidr { get; init; } = "";

    /// <summary>When images that nobody uses are removed from this machine's engine.</summary>
    public ImageCollectionOptions Images { get; init; } = new();

    /// <summary>When pods are evicted because this machine is short of memory, disk or process numbers.</summary>
    public EvictionOptions Eviction { get; init; } = new();

    /// <summary>Range that nodes' pod ranges are taken from. Several clusters on one machine need ranges of their own.</summary>
    public string ClusterCidr { get; init; } = "10.244.0.0/16";

    /// <summary>Range of service addresses; its first address is the API's, its tenth the cluster DNS'.</summary>
    public string ServiceCidr { get; init; } = "10.96.0.0/12";

    /// <summary>File of an EncryptionConfiguration: what of the store is encrypted, and with which keys; empty for nothing.</summary>
    public string EncryptionConfig { get; init; } = "";

    /// <summary>That file is looked at each minute, and what it says then is used without a restart.</summary>
    public bool EncryptionReload { get; init; }

    /// <summary>How long a request that is no watch and no stream may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Requests that may be under way at once, divided among the priority levels; 0 for no limit.</summary>
    public int MaxRequestsInFlight { get; init; } = 600;

    /// <summary>What is recorded of requests to the API.</summary>
    public AuditOptions Audit { get; init; } = new();

    /// <summary>Domain under which DNS knows services and pods.</summary>
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>What carries packets to services on this node.</summary>
    public ServiceProxyKind ServiceProxy { get; init; }

    /// <summary>Port on which Ingress takes HTTP from outside; 0 opens none. A port that is taken is tried again and again.</summary>
    public int IngressHttpPort { get; init; } = 80;

    /// <summary>Port on which Ingress takes HTTPS from outside; 0 opens none.</summary>
    public int IngressHttpsPort { get; init; } = 443;

    /// <summary>Controllers that run, as <c>--controllers</c> takes them.</summary>
    public IReadOnlyList<string> Controllers { get; init; } = ["*"];

    /// <summary>Paths of assemblies whose <see cref="GrainKube.Reconciliation.IClusterExtension"/>s this server takes in: reconcilers of others. Every silo of a cluster is given the same.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>Mounts the Orleans dashboard at <c>/dashboard</c>.</summary>
    public bool Dashboard { get; init; }

    /// <summary>Writes log lines of Information and above to standard error.</summary>
    public bool Log { get; init; } = true;

    /// <summary>Everything lives in memory and is gone with the process.</summary>
    public bool IsEphemeral => DataDirectory.Length == 0;
}
