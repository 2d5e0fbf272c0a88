using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Runtime;
using GrainKube.Objects.Nodes;

namespace GrainKube.Kubelet.Questions;

/// <summary><c>/stats/summary</c>: processor and memory of the machine and of the containers by pod, disks and process numbers of the machine. Rates are of the time since somebody last asked.</summary>
internal static class StatsSummary
{
    /// <param name="node">The node.</param>
    /// <param name="rates">What is used a second.</param>
    /// <param name="cancel">Stops waiting.</param>
    public static async Task<JsonObject> OfAsync(NodeServices node, NodeUsage rates, CancellationToken cancel)
    {
        var used = await PodUsage.ReadAsync(node, cancel);
        var machine = node.Figures?.Read(node.ImageDirectory);
        var about = new JsonObject
        {
            ["nodeName"] = node.Options.Name,
            ["startTime"] = GoTime.Format(node.Options.Simulated ? used.Time : used.Time - TimeSpan.FromMilliseconds(System.Environment.TickCount64)),
            ["cpu"] = Processor(used.Time, used.Cpu, rates.CpuNanocores),
            ["memory"] = Memory(used.Time, used.WorkingSet, used.WorkingSet, machine?.Memory.Available),
        };
        if (machine is not null)
        {
            about["fs"] = Disk(used.Time, machine.NodeDisk);
            about["runtime"] = new JsonObject { ["imageFs"] = Disk(used.Time, machine.ImageDisk ?? machine.NodeDisk), ["containerFs"] = Disk(used.Time, machine.ImageDisk ?? machine.NodeDisk) };
            about["rlimit"] = new JsonObject { ["time"] = GoTime.Format(used.Time), ["maxpid"] = machine.Processes.Capacity, ["curproc"] = machine.Processes.Capacity - machine.Processes.Available };
        }

        var known = rates.Pods.ToDictionary(p => p.Uid, p => p.Containers.ToDictionary(c => c.Name, c => c.CpuNanocores, StringComparer.Ordinal), StringComparer.Ordinal);
        return new JsonObject { ["node"] = about, ["pods"] = new JsonArray([.. used.Pods.Select(pod => Pod([.. pod], known.GetValueOrDefault(pod.Key) ?? []))]) };
    }

    private static JsonObject Pod(IReadOnlyList<(ContainerState State, ContainerUsage Usage)> used, Dictionary<string, long> rates)
    {
        var first = used[0].State;
        var time = used.Max(c => c.Usage.Time);
        return new JsonObject
        {
            ["podRef"] = new JsonObject { ["name"] = first.PodName, ["namespace"] = first.Namespace, ["uid"] = first.PodUid },
            ["startTime"] = GoTime.Format(used.Min(c => c.State.CreatedAt)),
            ["containers"] = new JsonArray([.. used.Select(c => new JsonObject
            {
                ["name"] = c.State.Name,
                ["startTime"] = GoTime.Format(c.State.StartedAt ?? c.State.CreatedAt),
                ["cpu"] = Processor(c.Usage.Time, c.Usage.CpuNanoseconds, rates.GetValueOrDefault(c.State.Name)),
                ["memory"] = Memory(c.Usage.Time, c.Usage.MemoryBytes, c.Usage.WorkingSetBytes, Left(c.State, c.Usage)),
            })]),
            ["cpu"] = Processor(time, Sum(c => c.Usage.CpuNanoseconds), used.Sum(c => rates.GetValueOrDefault(c.State.Name))),
            ["memory"] = Memory(time, Sum(c => c.Usage.MemoryBytes), Sum(c => c.Usage.WorkingSetBytes), null),
            ["process_stats"] = new JsonObject { ["process_count"] = Sum(c => c.Usage.Processes) },
        };

        ulong Sum(Func<(ContainerState State, ContainerUsage Usage), ulong> value) => used.Aggregate(0UL, (sum, c) => sum + value(c));
    }

    /// <summary>Of a container with a limit, what is left of it.</summary>
    private static long? Left(ContainerState state, ContainerUsage usage) => state.Resources is { MemoryBytes: > 0 and var limit } ? Math.Max(0, limit - (long)usage.WorkingSetBytes) : null;

    private static JsonObject Processor(DateTimeOffset time, ulong nanoseconds, long nanocores) =>
        new() { ["time"] = GoTime.Format(time), ["usageNanoCores"] = nanocores, ["usageCoreNanoSeconds"] = nanoseconds };

    private static JsonObject Memory(DateTimeOffset time, ulong bytes, ulong workingSet, long? available)
    {
        var memory = new JsonObject { ["time"] = GoTime.Format(time) };
        if (available is { } left)
        {
            memory["availableBytes"] = left;
        }

        (memory["usageBytes"], memory["workingSetBytes"]) = (bytes, workingSet);
        return memory;
    }

    private static JsonObject? Disk(DateTimeOffset time, DiskFigures? disk) => disk is null ? null : new JsonObject
    {
        ["time"] = GoTime.Format(time),
        ["availableBytes"] = disk.Bytes.Available,
        ["capacityBytes"] = disk.Bytes.Capacity,
        ["usedBytes"] = disk.Bytes.Capacity - disk.Bytes.Available,
        ["inodesFree"] = disk.Inodes.Available,
        ["inodes"] = disk.Inodes.Capacity,
        ["inodesUsed"] = disk.Inodes.Capacity - disk.Inodes.Available,
    };
}
