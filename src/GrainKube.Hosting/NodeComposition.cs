using GrainKube.Docker.Hosting;
using GrainKube.Kubelet.Hosting;
using GrainKube.Kubelet.Volumes;
using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.Hosting;

/// <summary>Adds this process's nodes: the real one on its runtime, and simulated ones.</summary>
internal static class NodeComposition
{
    public static void Add(ISiloBuilder silo, GrainKubeOptions options, string nodeName, string advertised)
    {
        if (options.NoNode && options.SimulatedNodes == 0)
        {
            return;
        }

        silo.Services.AddSingleton<ITokenSource, PodTokens>();
        silo.AddKubelet(kubelet =>
        {
            kubelet.NodeName = nodeName;
            kubelet.HasNode = !options.NoNode;
            kubelet.NodeIp = advertised;
            kubelet.StaticPods = options.StaticPods;
            kubelet.PodCidr = options.PodCidr;
            kubelet.ClusterDomain = options.ClusterDomain;
            kubelet.ClusterDns = [ServiceRange.DnsAddress(options.ServiceCidr)];
            kubelet.SimulatedNodes = options.SimulatedNodes;
            kubelet.Images = options.Images;
            kubelet.Eviction = options.Eviction;
            kubelet.Simulated = options.Runtime == RuntimeKind.Simulated;
            kubelet.RootDirectory = options.IsEphemeral ? Path.Combine(Path.GetTempPath(), "grainkube", nodeName) : Path.Combine(options.DataDirectory, "kubelet");
        });
        if (options.Runtime == RuntimeKind.Docker && !options.NoNode)
        {
            silo.Services.AddDockerRuntime(docker => docker.Node = nodeName);
        }
    }
}
