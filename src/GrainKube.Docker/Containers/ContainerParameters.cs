using Docker.DotNet.Models;
using GrainKube.Docker.Engine;
using GrainKube.Docker.Sandboxes;
using GrainKube.Kubelet.Runtime;
using ContainerSpec = GrainKube.Kubelet.Runtime.ContainerSpec;

namespace GrainKube.Docker.Containers;

/// <summary>A container in the engine's words. Network, IPC and, where the pod shares them, processes are the sandbox's.</summary>
internal static class ContainerParameters
{
    public static string NameOf(ContainerSpec spec) => $"k8s_{spec.Name}_{spec.PodName}_{spec.Namespace}_{spec.PodUid}_{spec.Attempt}";

    /// <param name="spec">What is wanted.</param>
    /// <param name="node">Whose it is.</param>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="imageUser">The image's user; matters where only a group is asked for.</param>
    public static CreateContainerParameters For(ContainerSpec spec, string node, SandboxFacts sandbox, string imageUser)
    {
        var joined = $"container:{sandbox.Id}";
        return new CreateContainerParameters
        {
            Name = NameOf(spec),
            Image = spec.ImageId,
            // Null keeps what the image says. An entry point of our own makes the engine drop the image's command, as Kubernetes wants it.
            Entrypoint = ListOrNull(spec.Command),
            Cmd = ListOrNull(spec.Args),
            WorkingDir = spec.WorkingDirectory.Length > 0 ? spec.WorkingDirectory : null,
            Env = [.. spec.Environment.Select(variable => $"{variable.Key}={variable.Value}")],
            Labels = LabelsOf(spec, node),
            User = UserOf(spec.Security, imageUser),
            OpenStdin = spec.Stdin,
            StdinOnce = spec.StdinOnce,
            Tty = spec.Tty,
            StopSignal = spec.StopSignal.Length > 0 ? spec.StopSignal : null,
            // Probes are the pod's, never the image's.
            Healthcheck = new HealthConfig { Test = ["NONE"] },
            HostConfig = new HostConfig
            {
                NetworkMode = joined,
                IpcMode = joined,
                PidMode = sandbox.HostProcesses ? "host" : sandbox.SharesProcesses ? joined : spec.ProcessesOf.Length > 0 ? $"container:{spec.ProcessesOf}" : null,
                Runtime = sandbox.Runtime is { Length: > 0 } runtime ? runtime : null,
                CgroupParent = sandbox.CgroupParent is { Length: > 0 } parent ? parent : null,
                Mounts = [.. spec.Mounts.Select(MountOf)],
                CPUShares = spec.Resources.CpuShares,
                CPUQuota = spec.Resources.CpuQuota,
                CPUPeriod = spec.Resources.CpuPeriod,
                Memory = spec.Resources.MemoryBytes,
                MemorySwap = spec.Resources.MemoryBytes,
                OomScoreAdj = OomScores.Granted(spec.Resources.OomScoreAdjust),
                Privileged = spec.Security.Privileged,
                ReadonlyRootfs = spec.Security.ReadOnlyRootFilesystem,
                CapAdd = ListOrNull(spec.Security.AddCapabilities),
                CapDrop = ListOrNull(spec.Security.DropCapabilities),
                GroupAdd = [.. spec.Security.SupplementalGroups.Select(group => group.ToString())],
                SecurityOpt = [.. SecurityOptions(spec.Security)],
                // The same bounds as upstream's containerLogMaxSize and containerLogMaxFiles.
                LogConfig = new LogConfig { Type = "json-file", Config = new Dictionary<string, string> { ["max-size"] = "10m", ["max-file"] = "5" } },
            },
        };
    }

    private static Dictionary<string, string> LabelsOf(ContainerSpec spec, string node) => new(spec.Labels)
    {
        [EngineLabels.Node] = node,
        [EngineLabels.Kind] = EngineLabels.ContainerKind,
        [EngineLabels.Attempt] = spec.Attempt.ToString(),
        [EngineLabels.Sandbox] = spec.SandboxId,
        [EngineLabels.Image] = spec.Image,
        [EngineLabels.PodName] = spec.PodName,
        [EngineLabels.PodNamespace] = spec.Namespace,
        [EngineLabels.PodUid] = spec.PodUid,
        [EngineLabels.ContainerName] = spec.Name,
    };

    /// <summary>A user alone has group 0 unless the image's passwd names another; a group alone needs the image's user before it.</summary>
    private static string? UserOf(ContainerSecurity security, string imageUser) => (security.RunAsUser, security.RunAsGroup) switch
    {
        (null, null) => null,
        ({ } user, null) => user.ToString(),
        ({ } user, { } group) => $"{user}:{group}",
        (null, { } group) => $"{(imageUser.Split(':')[0] is { Length: > 0 } user ? user : "0")}:{group}",
    };

    // Mounts rather than binds: a missing path is an error instead of a new directory, and a colon in a path is no separator. A private mount is what the engine makes by itself; told to, it refuses paths
    // that its own directory lies below, such as the machine's root.
    private static Mount MountOf(ContainerMount mount) => new()
    {
        Type = "bind",
        Source = mount.HostPath,
        Target = mount.ContainerPath,
        ReadOnly = mount.ReadOnly,
        BindOptions = mount.Propagation == ContainerMount.Private ? null : new BindOptions { Propagation = mount.Propagation },
    };

    private static IEnumerable<string> SecurityOptions(ContainerSecurity security)
    {
        if (security.NoNewPrivileges)
        {
            yield return "no-new-privileges";
        }

        if (security.SeccompProfile == "unconfined")
        {
            yield return "seccomp=unconfined";
        }
    }

    private static List<string>? ListOrNull(IReadOnlyList<string> values) => values.Count > 0 ? [.. values] : null;
}
