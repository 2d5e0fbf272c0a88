using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.NodeStatus;

/// <summary>Builds what a node says of itself. Pure.</summary>
internal static class NodeObject
{
    // Upstream's nodeStatusMaxImages and the names that it tells of each.
    private const int MostImages = 50;
    private const int MostNames = 5;

    /// <summary>How old a sign of life in a condition gets before a report brings a new one. Reports come every five minutes, upstream's <c>nodeStatusReportFrequency</c>; of nodes that only pretend there are too many.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMinutes(4);

    /// <summary>Memory kept back, as upstream's hard eviction threshold does.</summary>
    private const long Reserved = 100L << 20;

    public static JsonObject New(NodeOptions options, RuntimeInfo runtime) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Node",
        ["metadata"] = new JsonObject { ["name"] = options.Name, ["labels"] = Labels(options, runtime) },
        ["spec"] = options.PodCidr.Length == 0 ? [] : new JsonObject { ["podCIDR"] = options.PodCidr, ["podCIDRs"] = new JsonArray { options.PodCidr } },
    };

    public static JsonObject Labels(NodeOptions options, RuntimeInfo runtime)
    {
        var labels = new JsonObject
        {
            ["beta.kubernetes.io/arch"] = runtime.Architecture,
            ["beta.kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = runtime.Architecture,
            ["kubernetes.io/hostname"] = options.Name,
            ["kubernetes.io/os"] = "linux",
        };
        if (options.Simulated)
        {
            labels["node.kubernetes.io/instance-type"] = "simulated";
        }

        return labels;
    }

    /// <param name="options">The node.</param>
    /// <param name="machine">The machine under it.</param>
    /// <param name="runtime">The engine.</param>
    /// <param name="images">Images on the node.</param>
    /// <param name="current">The status as the API has it: conditions keep their times where nothing changed.</param>
    /// <param name="problem">Why the node cannot run pods, or null where it can.</param>
    /// <param name="pressures">What the node is short of.</param>
    /// <param name="now">The time of changes.</param>
    public static JsonObject Status(
        NodeOptions options, MachineFacts machine, RuntimeInfo runtime, IEnumerable<ImageInfo> images, JsonObject current, string? problem, Pressures pressures, DateTimeOffset now)
    {
        var status = Resources(options, machine, current);
        foreach (var (name, value) in Facts(options, machine, runtime, current, problem, pressures, now).ToList())
        {
            status[name] = value?.DeepClone();
        }

        status["images"] = Images(images);
        return status;
    }

    /// <summary>The largest images: the scheduler prefers nodes that need not pull them.</summary>
    public static JsonArray Images(IEnumerable<ImageInfo> images) => new([.. images
        .Select(image => (Names: image.Digests.Concat(image.Tags).Take(MostNames).ToArray(), Size: image.SizeBytes))
        .Where(image => image.Names.Length > 0)
        .OrderByDescending(image => image.Size)
        .ThenBy(image => image.Names[0], StringComparer.Ordinal)
        .Take(MostImages)
        .Select(image => new JsonObject { ["names"] = new JsonArray([.. image.Names.Select(n => JsonValue.Create(n))]), ["sizeBytes"] = image.Size })]);

    /// <summary>
    /// Capacity and what of it pods may have. What others wrote into the capacity (extended resources) is there for pods, too; what they take out of it is gone.
    /// </summary>
    public static JsonObject Resources(NodeOptions options, MachineFacts machine, JsonObject current)
    {
        var capacity = Spelled(Amounts(options, machine, machine.MemoryBytes), current["capacity"] as JsonObject);
        var allocatable = Spelled(Amounts(options, machine, Math.Max(0, machine.MemoryBytes - Reserved)), current["allocatable"] as JsonObject);
        foreach (var (name, amount) in current["capacity"] as JsonObject ?? [])
        {
            if (!capacity.ContainsKey(name))
            {
                allocatable[name] = amount?.DeepClone();
                capacity[name] = amount?.DeepClone();
            }
        }

        foreach (var (name, _) in current["allocatable"] as JsonObject ?? [])
        {
            allocatable.TryAdd(name, null);
        }

        return new JsonObject { ["allocatable"] = allocatable, ["capacity"] = capacity };
    }

    private static JsonObject Facts(NodeOptions options, MachineFacts machine, RuntimeInfo runtime, JsonObject current, string? problem, Pressures pressures, DateTimeOffset now) => new()
    {
        ["addresses"] = new JsonArray
        {
            new JsonObject { ["address"] = options.NodeIp, ["type"] = "InternalIP" },
            new JsonObject { ["address"] = options.Name, ["type"] = "Hostname" },
        },
        ["conditions"] = Conditions(options, current, problem, pressures, now),
        ["nodeInfo"] = new JsonObject
        {
            ["architecture"] = runtime.Architecture,
            ["bootID"] = machine.BootId,
            ["containerRuntimeVersion"] = $"{runtime.Name}://{runtime.Version}",
            ["kernelVersion"] = runtime.KernelVersion.Length > 0 ? runtime.KernelVersion : machine.KernelVersion,
            ["kubeProxyVersion"] = "",
            ["kubeletVersion"] = options.Version,
            ["machineID"] = machine.MachineId,
            ["operatingSystem"] = "linux",
            ["osImage"] = runtime.OperatingSystem.Length > 0 ? runtime.OperatingSystem : machine.OsImage,
            ["systemUUID"] = machine.SystemUuid,
        },
    };

    private static JsonObject Amounts(NodeOptions options, MachineFacts machine, long memory) => new()
    {
        ["cpu"] = machine.Cpus.ToString(CultureInfo.InvariantCulture),
        ["ephemeral-storage"] = string.Create(CultureInfo.InvariantCulture, $"{machine.DiskBytes / 1024}Ki"),
        ["memory"] = string.Create(CultureInfo.InvariantCulture, $"{memory / 1024}Ki"),
        ["pods"] = options.MaxPods.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>An amount that is there already stays as it is spelled: clients write 1024Ki as 1Mi.</summary>
    private static JsonObject Spelled(JsonObject amounts, JsonObject? current)
    {
        foreach (var (name, amount) in amounts.ToList())
        {
            if (current?[name]?.ToString() is { } spelled && Quantity.TryParse(spelled, out var there, out _) && there == Quantity.Parse(amount!.GetValue<string>()))
            {
                amounts[name] = spelled;
            }
        }

        return amounts;
    }

    private static JsonArray Conditions(NodeOptions options, JsonObject current, string? problem, Pressures pressures, DateTimeOffset now)
    {
        var result = new JsonArray
        {
            pressures.HasFlag(Pressures.Memory)
                ? Condition(current, now, "MemoryPressure", "True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available")
                : Condition(current, now, "MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
            pressures.HasFlag(Pressures.Disk)
                ? Condition(current, now, "DiskPressure", "True", "KubeletHasDiskPressure", "kubelet has disk pressure")
                : Condition(current, now, "DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            pressures.HasFlag(Pressures.Pid)
                ? Condition(current, now, "PIDPressure", "True", "KubeletHasInsufficientPID", "kubelet has insufficient PID available")
                : Condition(current, now, "PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            problem is null
                ? Condition(current, now, "Ready", "True", "KubeletReady", "kubelet is posting ready status")
                : Condition(current, now, "Ready", "False", "KubeletNotReady", problem),
        };
        foreach (var condition in options.Simulated ? [] : result.OfType<JsonObject>().Where(c => (string?)c["lastHeartbeatTime"] is not { } beat || now - DateTimeOffset.Parse(beat, CultureInfo.InvariantCulture) >= Heartbeat))
        {
            condition["lastHeartbeatTime"] = GoTime.Format(now);
        }

        var own = result.Select(c => c!["type"]!.GetValue<string>()).ToHashSet();
        foreach (var other in (current["conditions"] as JsonArray ?? []).OfType<JsonObject>().Where(c => !own.Contains(c["type"]?.GetValue<string>() ?? "")))
        {
            result.Add(other.DeepClone());
        }

        return result;
    }

    private static JsonObject Condition(JsonObject current, DateTimeOffset now, string type, string status, string reason, string message)
    {
        var before = (current["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(c => c["type"]?.GetValue<string>() == type);
        var same = before?["status"]?.GetValue<string>() == status;
        var unchanged = same && before?["reason"]?.GetValue<string>() == reason;
        return new JsonObject
        {
            ["lastHeartbeatTime"] = unchanged ? before!["lastHeartbeatTime"]?.DeepClone() : GoTime.Format(now),
            ["lastTransitionTime"] = same ? before!["lastTransitionTime"]?.DeepClone() : GoTime.Format(now),
            ["message"] = message,
            ["reason"] = reason,
            ["status"] = status,
            ["type"] = type,
        };
    }
}
