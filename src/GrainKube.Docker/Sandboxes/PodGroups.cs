using System.Collections.Concurrent;
using System.Globalization;
using GrainKube.Docker.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Sandboxes;

/// <summary>
/// The control groups of whole pods, for those that have limits of their own: a pod's sandbox and containers are in one group, which bounds them together. Version 1 and 2, by the files of this
/// machine; where the engine leaves groups to systemd, the group is a slice and systemd is told.
/// </summary>
/// <param name="engine">The engine, which has to run on this machine.</param>
internal sealed class PodGroups(DockerEngine engine)
{
    private const string Suffix = ".slice";

    private readonly GroupFiles files = new("/sys/fs/cgroup");
    private readonly ConcurrentDictionary<string, ContainerResources> written = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim beginning = new(1);
    private bool? usesSlices;

    /// <summary>Makes the pod's group, with its limits, before anything is in it. Safe to repeat.</summary>
    /// <returns>The group as containers name their parent; empty for a pod without limits of its own.</returns>
    /// <exception cref="RuntimeException">This machine does not let us.</exception>
    public async Task<string> MakeAsync(SandboxSpec spec, CancellationToken cancel)
    {
        if (spec.Resources is not { } resources)
        {
            return "";
        }

        var group = NameOf(engine.Options.Node, spec.PodUid, await BeginAsync(cancel));
        await WriteAsync(group, resources, cancel);
        return group;
    }

    /// <summary>Brings a group to these limits.</summary>
    /// <exception cref="RuntimeException">The kernel refuses, for example less memory than is in use.</exception>
    public async Task WriteAsync(string group, ContainerResources resources, CancellationToken cancel)
    {
        if (IsSlice(group))
        {
            await Systemd.RunAsync(SlicePropertiesOf(group, resources), cancel);
        }
        else
        {
            Reported(group, () => files.Write(group, resources));
        }

        written[group] = resources;
    }

    /// <summary>The limits in force; null where there is no such group.</summary>
    public ContainerResources? Read(string group)
    {
        if (files.Read(group) is not { } read)
        {
            return null;
        }

        // Version 2 keeps a coarser number than shares: what was written stands for what it became.
        return written.TryGetValue(group, out var known) && GroupFiles.AreSame(known, read) ? known : read;
    }

    /// <summary>Removes a group unless something is still in it; it may be gone already.</summary>
    public async Task RemoveAsync(string group, CancellationToken cancel)
    {
        if (group.Length == 0)
        {
            return;
        }

        written.TryRemove(group, out _);
        if (IsSlice(group) && files.IsEmpty(group))
        {
            await Systemd.RunAsync(["stop", group], cancel);
            await Systemd.RunAsync(["revert", group], cancel);
        }

        files.Remove(group);
    }

    /// <summary>Finds out who makes groups here, and removes those that a process before us left empty: it may have ended between a sandbox's removal and its group's.</summary>
    private async Task<bool> BeginAsync(CancellationToken cancel)
    {
        await beginning.WaitAsync(cancel);
        try
        {
            if (usesSlices is not { } slices)
            {
                slices = (await engine.CallAsync(docker => docker.System.GetSystemInfoAsync(cancel), cancel)).CgroupDriver == "systemd";
                foreach (var left in files.Groups(NameOf(engine.Options.Node, "", slices).Replace(Suffix, "", StringComparison.Ordinal).TrimStart('/')))
                {
                    await RemoveAsync(slices ? left : "/" + left, cancel);
                }

                usesSlices = slices;
            }

            return slices;
        }
        finally
        {
            beginning.Release();
        }
    }

    /// <summary>The name tells the node (whose names have no underscore) and the pod. A slice's name has no hyphen: that would put it into another.</summary>
    internal static string NameOf(string node, string podUid, bool slice) =>
        slice ? $"grainkube_{node}_pod{podUid}".Replace('-', '_') + Suffix : $"/grainkube_{node}_pod{podUid}";

    internal static string[] SlicePropertiesOf(string slice, ContainerResources resources) =>
    [
        "set-property", "--runtime", slice,
        string.Create(CultureInfo.InvariantCulture, $"CPUWeight={GroupFiles.WeightOf(resources.CpuShares)}"),
        resources.CpuQuota > 0 ? string.Create(CultureInfo.InvariantCulture, $"CPUQuota={100.0 * resources.CpuQuota / resources.CpuPeriod:0.##}%") : "CPUQuota=",
        resources.MemoryBytes > 0 ? string.Create(CultureInfo.InvariantCulture, $"MemoryMax={resources.MemoryBytes}") : "MemoryMax=infinity",
    ];

    private static bool IsSlice(string group) => group.EndsWith(Suffix, StringComparison.Ordinal);

    private static void Reported(string group, Action action)
    {
        try
        {
            action();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new RuntimeException(RuntimeError.Other, $"failed to set the limits of the pod's control group {group}: {failed.Message}", failed);
        }
    }
}
