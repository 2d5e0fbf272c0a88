using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Probes;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.StaticPods;
using GrainKube.Kubelet.Volumes;
using Microsoft.Extensions.Logging;

namespace GrainKube.Kubelet.Agent;

/// <summary>What the parts of one node's kubelet share.</summary>
internal sealed class NodeServices(NodeOptions options, INodeView view, IContainerRuntime runtime, IPodVolumes volumes, INetworkProber network, TimeProvider time, ILoggerFactory logs)
{
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
    public StaticLedger Statics { get; } = new();

    /// <summary>The engine's name, known once it answered.</summary>
    public string RuntimeName { get; set; } = "";
}
