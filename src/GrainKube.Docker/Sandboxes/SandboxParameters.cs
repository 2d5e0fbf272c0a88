using Docker.DotNet.Models;
using GrainKube.Docker.Engine;
using GrainKube.Kubelet.Runtime;
using EnginePort = Docker.DotNet.Models.PortBinding;

namespace GrainKube.Docker.Sandboxes;

/// <summary>A sandbox in the engine's words.</summary>
internal static class SandboxParameters
{
    public static string NameOf(SandboxSpec spec) => $"k8s_POD_{spec.PodName}_{spec.Namespace}_{spec.PodUid}_{spec.Attempt}";

    /// <param name="spec">What is wanted.</param>
    /// <param name="node">Whose it is.</param>
    /// <param name="image">Id of the pause image.</param>
    /// <param name="network">The pod network.</param>
    /// <param name="address">Its address there; null on the host's network.</param>
    /// <param name="group">The pod's control group; empty where it has none of its own.</param>
    public static CreateContainerParameters For(SandboxSpec spec, string node, string image, string network, string? address, string group)
    {
        var labels = new Dictionary<string, string>
        {
            [EngineLabels.Node] = node,
            [EngineLabels.Kind] = EngineLabels.SandboxKind,
            [EngineLabels.Attempt] = spec.Attempt.ToString(),
            [EngineLabels.PodName] = spec.PodName,
            [EngineLabels.PodNamespace] = spec.Namespace,
            [EngineLabels.PodUid] = spec.PodUid,
            [EngineLabels.ContainerName] = "POD",
            [EngineLabels.ShareProcesses] = spec.ShareProcesses ? "true" : "false",
        };
        if (group.Length > 0)
        {
            labels[EngineLabels.PodGroup] = group;
        }

        var parameters = new CreateContainerParameters
        {
            Name = NameOf(spec),
            Image = image,
            Labels = labels,
            Hostname = spec.HostNetwork ? null : spec.Hostname,
            HostConfig = new HostConfig
            {
                NetworkMode = address is null ? "host" : network,
                IpcMode = spec.HostIpc ? "host" : "shareable",
                PidMode = spec.HostPid ? "host" : null,
                Runtime = spec.RuntimeHandler.Length > 0 ? spec.RuntimeHandler : null,
                CgroupParent = group.Length > 0 ? group : null,
                DNS = ListOrNull(spec.DnsServers),
                DNSSearch = ListOrNull(spec.DnsSearches),
                DNSOptions = ListOrNull(spec.DnsOptions),
                Sysctls = spec.Sysctls.Count > 0 ? spec.Sysctls.ToDictionary() : null,
                LogConfig = new LogConfig { Type = "none" },
                ReadonlyRootfs = true,
            },
        };
        if (address is not null)
        {
            labels[EngineLabels.Address] = address;
            parameters.NetworkingConfig = new NetworkingConfig
            {
                EndpointsConfig = new Dictionary<string, EndpointSettings>
                {
                    [network] = new() { IPAMConfig = new EndpointIPAMConfig { IPv4Address = address } },
                },
            };
            Publish(spec, parameters);
        }

        return parameters;
    }

    private static void Publish(SandboxSpec spec, CreateContainerParameters parameters)
    {
        foreach (var ports in spec.Ports.GroupBy(port => $"{port.ContainerPort}/{port.Protocol.ToLowerInvariant()}"))
        {
            (parameters.ExposedPorts ??= new Dictionary<string, EmptyStruct>())[ports.Key] = default;
            (parameters.HostConfig.PortBindings ??= new Dictionary<string, IList<EnginePort>>())[ports.Key] =
                [.. ports.Select(port => new EnginePort { HostIP = port.HostIp, HostPort = port.HostPort.ToString() })];
        }
    }

    private static List<string>? ListOrNull(IReadOnlyList<string> values) => values.Count > 0 ? [.. values] : null;
}
