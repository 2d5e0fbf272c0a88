using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Images.Collection;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Probes;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.StaticPods;
using GrainKube.Kubelet.Volumes;
using Microsoft.Extensions.Logging;

namespace GrainKube.Kubelet.Agent;

/// <summary>What the parts of one node's kubelet share.</summary>
internal sealed class NodeServices(NodeOptions options, INodeView view, IContainerRuntime runtime, IPodVolumes volumes, INetworkProber network, TimeProvider time, ILoggerFactory logs,
    IMachineFigures? figures = null)
{
    private int pressures;

    public NodeOptions Options { get; } = options;
    public INodeView View { get; } = view;
    public IContainerRuntime Runtime { get; } = runtime;
    public RuntimePicture Picture { get; } = new(runtime);
    public IPodVolumes Volumes { get; } = volumes;
    public INetworkProber Network { get; } = network;
    public TimeProvider Time { get; } = time;
    public ILoggerFactory Logs { get; } = logs;
    public ResourceLedger Ledger { get; } = new();
    public HostPortLedger HostPorts { get; } = new();
    public NodeTally Tally { get; } = new();
    public StaticLedger Statics { get; } = new();

    public PulledImages Pulled { get; } = new(options.RootDirectory);

    /// <summary>What the machine has left; null for a node that only pretends.</summary>
    public IMachineFigures? Figures { get; } = figures;

    /// <summary>What the node is short of.</summary>
    public Pressures Pressures
    {
        get => (Pressures)Volatile.Read(ref pressures);
        set => Volatile.Write(ref pressures, (int)value);
    }

    /// <summary>Where the engine keeps its images on this machine; empty where it is on another, or has not answered yet.</summary>
    public string ImageDirectory { get; set; } = "";

    /// <summary>The engine's name, known once it answered.</summary>
    public string RuntimeName { get; set; } = "";

    /// <summary>Records an event about the Node, once it is registered.</summary>
    public void Record(string type, string reason, string message)
    {
        if (View.Get(Keys.Node(Options.Name)) is { } about)
        {
            View.Record(about, type, reason, message);
        }
    }
}
