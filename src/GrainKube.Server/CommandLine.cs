using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using GrainKube.Hosting;

namespace GrainKube.Server;

/// <summary>The command line of <c>grainkube</c>. A mistake in it is one line on standard error and exit code 2.</summary>
internal static class CommandLine
{
    private static readonly Option<string> DataDirectory = new("--data-dir") { Description = "Directory of state, keys and the kubeconfig", DefaultValueFactory = _ => "/var/lib/grainkube" };
    private static readonly Option<string> Bind = new("--bind") { Description = "Address to listen on", DefaultValueFactory = _ => "0.0.0.0" };
    private static readonly Option<int> Port = new("--port") { Description = "Port of the API", DefaultValueFactory = _ => 6443 };
    private static readonly Option<string> Advertise = new("--advertise-address") { Description = "Address that others reach this server by", DefaultValueFactory = _ => "" };
    private static readonly Option<string[]> TlsNames = new("--tls-san") { Description = "Further names and addresses of the serving certificate", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string> NodeName = new("--node-name") { Description = "Name of this node (the host name)", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Store = new("--store") { Description = "embedded, or etcd=URL[,URL…]", DefaultValueFactory = _ => "embedded" };
    private static readonly Option<string> Clustering = new("--clustering") { Description = "localhost or store", DefaultValueFactory = _ => "localhost" };
    private static readonly Option<string> Runtime = new("--runtime") { Description = "docker or simulated", DefaultValueFactory = _ => "docker" };
    private static readonly Option<int> SimulatedNodes = new("--simulated-nodes") { Description = "Number of further nodes that only pretend", DefaultValueFactory = _ => 0 };
    private static readonly Option<bool> NoNode = new("--no-node") { Description = "This server has no node of its own" };
    private static readonly Option<string> StaticPods = new("--static-pods") { Description = "Directory of manifests of pods that this node runs by itself", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Controllers = new("--controllers") { Description = "Controllers to run: '*', 'name', '-name', comma-separated", DefaultValueFactory = _ => "*" };
    private static readonly Option<string[]> Extensions = new("--extension") { Description = "Assembly with reconcilers to host", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<bool> Dashboard = new("--dashboard") { Description = "Mount the Orleans dashboard at /dashboard" };
    private static readonly Option<string> PodCidr = new("--pod-cidr") { Description = "Pod range of this node; the cluster gives one where this is empty", DefaultValueFactory = _ => "" };
    private static readonly Option<string> ClusterCidr = new("--cluster-cidr") { Description = "Range that nodes' pod ranges are taken from", DefaultValueFactory = _ => "10.244.0.0/16" };
    private static readonly Option<string> ServiceCidr = new("--service-cidr") { Description = "Range of service addresses", DefaultValueFactory = _ => "10.96.0.0/12" };
    private static readonly Option<string> ClusterDomain = new("--cluster-domain") { Description = "Domain of services and pods in DNS", DefaultValueFactory = _ => "cluster.local" };
    private static readonly Option<string> ServiceProxy = new("--service-proxy") { Description = "auto, nftables, iptables or none", DefaultValueFactory = _ => "auto" };
    private static readonly Option<int> IngressHttpPort = new("--ingress-http-port") { Description = "Port on which Ingress takes HTTP (0 for none)", DefaultValueFactory = _ => 80 };
    private static readonly Option<int> IngressHttpsPort = new("--ingress-https-port") { Description = "Port on which Ingress takes HTTPS (0 for none)", DefaultValueFactory = _ => 443 };

    private static readonly Option<string> RequestTimeout = new("--request-timeout") { Description = "How long a request that is no watch and no stream may take", DefaultValueFactory = _ => "1m" };
    private static readonly Option<int> MaxInFlight = new("--max-requests-inflight") { Description = "Requests under way at once, divided among the priority levels (0 for no limit)", DefaultValueFactory = _ => 600 };

    private static readonly Option<string> EncryptionConfig = new("--encryption-provider-config") { Description = "File that says what of the store is encrypted, and with which keys", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> EncryptionReload = new("--encryption-provider-config-automatic-reload") { Description = "Look each minute whether that file says something else" };

    public static async Task<int> RunAsync(string[] args)
    {
        var server = new Command("server", "Runs a server: a whole one-node cluster unless told otherwise")
        {
            AuditFlags.PolicyFile, AuditFlags.LogPath, AuditFlags.LogMaxAge, AuditFlags.LogMaxBackup, AuditFlags.LogMaxSize, AuditFlags.LogMode, AuditFlags.WebhookConfigFile,
            AuditFlags.WebhookBatchMaxSize, AuditFlags.WebhookBatchMaxWait, RequestTimeout, MaxInFlight, EncryptionConfig, EncryptionReload,
            DataDirectory, Bind, Port, Advertise, TlsNames, NodeName, Store, Clustering, Runtime, SimulatedNodes, NoNode, Controllers, Extensions, Dashboard, PodCidr,
            StaticPods, ClusterCidr, ServiceCidr, ClusterDomain, ServiceProxy, IngressHttpPort, IngressHttpsPort,
        };
        foreach (var option in SecurityFlags.All.Concat(NodeFlags.All))
        {
            server.Options.Add(option);
        }

        server.SetAction((parsed, cancel) => RunServerAsync(parsed, args, cancel));
        var root = new RootCommand("GrainKube: a container orchestrator that speaks the Kubernetes API") { server };
        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            return Refuse(result.Errors[0].Message);
        }

        // The server handles SIGTERM itself.
        return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static async Task<int> RunServerAsync(ParseResult parsed, string[] args, CancellationToken cancel)
    {
        if (Complaint(parsed) is { } complaint)
        {
            return Refuse(complaint);
        }

        if (Supervisor.IsSupervised)
        {
            Supervisor.DieWithParent();
        }

        GrainKubeOptions options;
        try
        {
            options = NodeFlags.Apply(parsed, SecurityFlags.Apply(parsed, OptionsOf(parsed)));
        }
        catch (FormatException wrong)
        {
            return Refuse(wrong.Message);
        }

        return options.Clustering == ClusteringKind.Store && !Supervisor.IsSupervised
            ? await Supervisor.RunAsync(args)
            : await ServerRun.RunAsync(options, cancel);
    }

    private static string? Complaint(ParseResult parsed)
    {
        var store = parsed.GetValue(Store)!;
        return !IPAddress.TryParse(parsed.GetValue(Bind), out _) ? $"--bind '{parsed.GetValue(Bind)}' is not an IP address"
            : parsed.GetValue(Port) is < 0 or > 65535 ? $"--port {parsed.GetValue(Port)} is not a port"
            : parsed.GetValue(Advertise) is { Length: > 0 } address && !IPAddress.TryParse(address, out _) ? $"--advertise-address '{address}' is not an IP address"
            : store != "embedded" && !store.StartsWith("etcd=", StringComparison.Ordinal) ? $"--store '{store}' is neither 'embedded' nor 'etcd=URL'"
            : parsed.GetValue(Clustering) is not ("localhost" or "store") ? $"--clustering '{parsed.GetValue(Clustering)}' is neither 'localhost' nor 'store'"
            : parsed.GetValue(Clustering) == "store" && store == "embedded" ? "--clustering store needs a shared store: give --store etcd=URL"
            : parsed.GetValue(Runtime) is not ("docker" or "simulated") ? $"--runtime '{parsed.GetValue(Runtime)}' is neither 'docker' nor 'simulated'"
            : parsed.GetValue(SimulatedNodes) < 0 ? "--simulated-nodes cannot be negative"
            : parsed.GetValue(PodCidr) is { Length: > 0 } pods && !IPNetwork.TryParse(pods, out _) ? $"--pod-cidr '{parsed.GetValue(PodCidr)}' is not a network"
            : !IPNetwork.TryParse(parsed.GetValue(ClusterCidr), out var cluster) || cluster.BaseAddress.AddressFamily != AddressFamily.InterNetwork ? $"--cluster-cidr '{parsed.GetValue(ClusterCidr)}' is not an IPv4 network"
            : cluster.PrefixLength > 24 ? $"--cluster-cidr '{parsed.GetValue(ClusterCidr)}' has no room: give at least a /24"
            : !IPNetwork.TryParse(parsed.GetValue(ServiceCidr), out var services) ? $"--service-cidr '{parsed.GetValue(ServiceCidr)}' is not a network"
            : services.PrefixLength > 28 ? $"--service-cidr '{parsed.GetValue(ServiceCidr)}' has no room: give at least a /28"
            : !Enum.TryParse<ServiceProxyKind>(parsed.GetValue(ServiceProxy), true, out _) ? $"--service-proxy '{parsed.GetValue(ServiceProxy)}' is none of auto, nftables, iptables and none"
            : parsed.GetValue(IngressHttpPort) is < 0 or > 65535 ? $"--ingress-http-port {parsed.GetValue(IngressHttpPort)} is not a port"
            : parsed.GetValue(IngressHttpsPort) is < 0 or > 65535 ? $"--ingress-https-port {parsed.GetValue(IngressHttpsPort)} is not a port"
            : AuditFlags.Time(parsed.GetValue(RequestTimeout)!) is null ? $"--request-timeout '{parsed.GetValue(RequestTimeout)}' is no time"
            : parsed.GetValue(MaxInFlight) < 0 ? $"--max-requests-inflight {parsed.GetValue(MaxInFlight)} can not be negative value"
            : parsed.GetValue(EncryptionConfig) is { Length: > 0 } keys && !File.Exists(keys) ? $"--encryption-provider-config '{keys}' does not exist"
            : parsed.GetValue(EncryptionReload) && parsed.GetValue(EncryptionConfig)!.Length == 0 ? "--encryption-provider-config-automatic-reload must be set with --encryption-provider-config"
            : AuditFlags.Complaint(parsed) is { } audit ? audit
            : NodeFlags.Complaint(parsed) is { } room ? room
            : parsed.GetValue(DataDirectory)!.Length == 0 ? "--data-dir cannot be empty"
            : null;
    }

    private static GrainKubeOptions OptionsOf(ParseResult parsed)
    {
        var store = parsed.GetValue(Store)!;
        return new GrainKubeOptions
        {
            RequestTimeout = AuditFlags.Time(parsed.GetValue(RequestTimeout)!)!.Value,
            MaxRequestsInFlight = parsed.GetValue(MaxInFlight),
            EncryptionConfig = parsed.GetValue(EncryptionConfig)!,
            EncryptionReload = parsed.GetValue(EncryptionReload),
            Audit = AuditFlags.Of(parsed),
            DataDirectory = Path.GetFullPath(parsed.GetValue(DataDirectory)!),
            BindAddress = parsed.GetValue(Bind)!,
            Port = parsed.GetValue(Port),
            AdvertiseAddress = parsed.GetValue(Advertise)!,
            TlsNames = parsed.GetValue(TlsNames) ?? [],
            NodeName = parsed.GetValue(NodeName)!,
            EtcdEndpoints = store == "embedded" ? "" : store["etcd=".Length..],
            Clustering = parsed.GetValue(Clustering) == "store" ? ClusteringKind.Store : ClusteringKind.Localhost,
            Runtime = parsed.GetValue(Runtime) == "simulated" ? RuntimeKind.Simulated : RuntimeKind.Docker,
            SimulatedNodes = parsed.GetValue(SimulatedNodes),
            NoNode = parsed.GetValue(NoNode),
            Controllers = parsed.GetValue(Controllers)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            Extensions = [.. (parsed.GetValue(Extensions) ?? []).Select(Path.GetFullPath)],
            Dashboard = parsed.GetValue(Dashboard),
            StaticPods = parsed.GetValue(StaticPods) is { Length: > 0 } directory ? Path.GetFullPath(directory) : "",
            PodCidr = parsed.GetValue(PodCidr)!,
            ClusterCidr = parsed.GetValue(ClusterCidr)!,
            ServiceCidr = parsed.GetValue(ServiceCidr)!,
            ClusterDomain = parsed.GetValue(ClusterDomain)!,
            IngressHttpPort = parsed.GetValue(IngressHttpPort),
            IngressHttpsPort = parsed.GetValue(IngressHttpsPort),
            ServiceProxy = Enum.Parse<ServiceProxyKind>(parsed.GetValue(ServiceProxy)!, true),
        };
    }

    private static int Refuse(string message)
    {
        Console.Error.WriteLine($"grainkube: {message}");
        return 2;
    }
}
