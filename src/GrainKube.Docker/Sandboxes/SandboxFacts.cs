using System.Collections.Concurrent;
using Docker.DotNet.Models;
using GrainKube.Docker.Engine;

namespace GrainKube.Docker.Sandboxes;

/// <summary>What a container that joins a sandbox takes from it. It is fixed when the sandbox is made.</summary>
internal sealed record SandboxFacts(string Id, bool SharesProcesses, bool HostProcesses, string Runtime, string CgroupParent, string PodGroup)
{
    public static SandboxFacts Of(ContainerInspectResponse sandbox) => new(
        sandbox.ID,
        EngineLabels.Of(sandbox.Config.Labels, EngineLabels.ShareProcesses) == "true",
        sandbox.HostConfig.PidMode == "host",
        sandbox.HostConfig.Runtime ?? "",
        sandbox.HostConfig.CgroupParent ?? "",
        EngineLabels.Of(sandbox.Config.Labels, EngineLabels.PodGroup));
}

/// <summary>The facts of sandboxes that were seen, so that a container costs no further question.</summary>
internal sealed class KnownSandboxes
{
    private readonly ConcurrentDictionary<string, SandboxFacts> known = new(StringComparer.Ordinal);

    public SandboxFacts Remember(ContainerInspectResponse sandbox) => known[sandbox.ID] = SandboxFacts.Of(sandbox);

    public SandboxFacts? Find(string id) => known.GetValueOrDefault(id);

    public void Forget(string id) => known.TryRemove(id, out _);
}
