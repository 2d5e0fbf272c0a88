using GrainKube.ApiMachinery.Identity;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.NodeStatus;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Probes;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Simulation;
using GrainKube.Kubelet.Volumes;
using GrainKube.Objects.Client;
using GrainKube.Reconciliation.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GrainKube.Kubelet.Hosting;

/// <summary>Makes the agent of a node of this process, real or simulated.</summary>
internal sealed class NodeAgentFactory(
    IOptions<KubeletOptions> options, ObjectClientFactory clients, NodeDispatch dispatch, IServiceProvider services, TimeProvider time, ILoggerFactory logs)
{
    private readonly SimulatedRuntimes simulated = services.GetRequiredService<SimulatedRuntimes>();
    private string? address;

    /// <exception cref="InvalidOperationException">The node is not one of this process.</exception>
    public NodeAgent Create(string node)
    {
        var settings = options.Value;
        var index = NodeNames.IndexOf(settings.NodeName, node);
        if ((index is null && (node != settings.NodeName || !settings.HasNode)) || index >= settings.SimulatedNodes)
        {
            throw new InvalidOperationException($"Node {node} is not one of this process ({settings.NodeName})");
        }

        var fake = settings.Simulated || index is not null;
        var nodeOptions = OptionsOf(settings, node, index, fake);
        var client = clients.For(UserInfo.Node(node));
        var view = new ObjectNodeView(node, client, dispatch, new EventRecorder(client, "kubelet", node, time), watchSources: index is null);
        var runtime = fake ? simulated.Of(node) : services.GetRequiredService<IContainerRuntime>();
        IPodVolumes volumes = fake ? new NoVolumes() : ActivatorUtilities.CreateInstance<PodVolumes>(services, nodeOptions);
        INetworkProber prober = fake ? new SimulatedProber() : services.GetRequiredService<NetworkProber>();
        return new NodeAgent(new NodeServices(nodeOptions, view, runtime, volumes, prober, time, logs, fake ? null : new KernelFigures(settings.RootDirectory)));
    }

    private NodeOptions OptionsOf(KubeletOptions settings, string node, int? index, bool fake) => new()
    {
        Name = node,
        PodCidr = index is { } number ? NodeNames.CidrOf(settings.SimulatedPodCidr, number) : settings.PodCidr,
        NodeIp = settings.NodeIp.Length > 0 ? settings.NodeIp : address ??= MachineFacts.FirstAddress(),
        Simulated = fake,
        MaxPods = settings.MaxPods,
        RootDirectory = settings.RootDirectory,
        StaticPods = index is null ? settings.StaticPods : "",
        ClusterDns = settings.ClusterDns,
        ClusterDomain = settings.ClusterDomain,
        LeaseDuration = index is null ? settings.LeaseDuration : TimeSpan.FromHours(1),
        RelistPeriod = fake ? TimeSpan.Zero : settings.RelistPeriod,
        ResyncPeriod = index is null ? settings.ResyncPeriod : TimeSpan.Zero,
        Images = settings.Images,
        Eviction = settings.Eviction,
        Version = settings.Version,
    };
}
