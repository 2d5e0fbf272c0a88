using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Chaos;

/// <summary>How the machine differs from what the API wants, a line each.</summary>
internal static partial class Differences
{
    public static async Task<IReadOnlyList<string>> FindAsync(ServerCluster cluster, ChaosRun chaos)
    {
        var world = await WantedWorld.ReadAsync(cluster.Http);
        return
        [
            .. Between("application", chaos.Wanted.Select(application => $"{application.Key} {application.Value}"), world.Applications),
            .. Between("claim", ClaimsOf(chaos), world.Claims),
            .. world.Claims.Count == world.Volumes.Count ? [] : new[] { $"{world.Claims.Count} claims but volumes {string.Join(' ', world.Volumes)}" },
            .. Between("IPAddress", world.Services.Values, world.TakenAddresses),
            .. world.Pods.SelectMany(Unfinished),
            .. PodCounts(chaos, world.Pods),
            .. Containers(world.Pods, await ContainersAsync(cluster.NodeName)),
            .. Rules(cluster, world, await ServiceRules.TableAsync(cluster.NodeName)),
            .. await RecordsAsync(cluster, world),
            .. Directories(cluster, world),
        ];
    }

    private static IEnumerable<string> ClaimsOf(ChaosRun chaos) =>
        from application in chaos.Wanted where application.Key.StartsWith("db", StringComparison.Ordinal) from index in Enumerable.Range(0, application.Value) select $"data-{application.Key}-{index}";

    private static IEnumerable<string> Unfinished(JsonNode pod)
    {
        var phase = WantedWorld.Text(pod, "status", "phase");
        var ready = pod["status"]?["conditions"]?.AsArray().Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True") ?? false;
        if (pod["metadata"]!["deletionTimestamp"] is not null || !(phase is "Succeeded" or "Failed" || (phase == "Running" && ready)))
        {
            yield return $"pod {WantedWorld.NameOf(pod)} is {phase}, ready {ready}, deleted {pod["metadata"]!["deletionTimestamp"]}: {pod["status"]?["containerStatuses"]?.ToJsonString()}";
        }
    }

    private static IEnumerable<string> PodCounts(ChaosRun chaos, IReadOnlyList<JsonNode> pods) => ChaosRun.Names.Where(name => !name.StartsWith("job", StringComparison.Ordinal)).SelectMany(name =>
    {
        var found = pods.Count(pod => (string?)pod["metadata"]!["labels"]?["app"] == name && IsRunning(pod));
        var wanted = chaos.Wanted.GetValueOrDefault(name);
        return found == wanted ? [] : new[] { $"{found} pods of {name}, not {wanted}" };
    });

    private static IEnumerable<string> Containers(IReadOnlyList<JsonNode> pods, IReadOnlyList<(string Pod, string What, bool Runs)> containers)
    {
        var known = pods.Select(WantedWorld.UidOf).ToHashSet();
        var unknown = containers.Where(container => !known.Contains(container.Pod)).Select(container => $"container {container.What} of the pod {container.Pod} that is gone");
        var running = pods.Where(IsRunning).SelectMany(pod =>
            pod["spec"]!["containers"]!.AsArray().Select(container => $"{WantedWorld.UidOf(pod)} {(string)container!["name"]!}").Prepend($"{WantedWorld.UidOf(pod)} sandbox"));
        var dead = containers.Where(container => !container.Runs).CountBy(container => (container.Pod, container.What)).Where(count => count.Value > 1)
            .Select(count => $"{count.Value} dead containers {count.Key.What} of the pod {count.Key.Pod}: one is kept for its logs");
        return unknown.Concat(dead).Concat(Between("running container", running, containers.Where(container => container.Runs).Select(container => $"{container.Pod} {container.What}")));
    }

    private static IEnumerable<string> Rules(ServerCluster cluster, WantedWorld world, string table)
    {
        // Nobody is redirected to the DNS: it has its address itself.
        var services = world.Services.Where(service => service.Key != "kube-dns.kube-system").Select(service => service.Value);
        var all = Address().Matches(table).Select(match => match.Value).ToHashSet();
        var prefix = cluster.PodCidr[..(cluster.PodCidr.LastIndexOf('.') + 1)];
        return Between("rule of service", services, all.Where(address => address.StartsWith(cluster.ServiceCidr[..(cluster.ServiceCidr.LastIndexOf('.') + 1)], StringComparison.Ordinal)))
            .Concat(Between("rule to pod", world.Endpoints.Where(address => address.StartsWith(prefix, StringComparison.Ordinal)), all.Where(address => address.StartsWith(prefix, StringComparison.Ordinal))));
    }

    private static async Task<IEnumerable<string>> RecordsAsync(ServerCluster cluster, WantedWorld world)
    {
        var differences = new List<string>();
        foreach (var name in ChaosRun.Names.Where(name => name.StartsWith("web", StringComparison.Ordinal)))
        {
            var answer = await Command.RunAsync("busybox", ["nslookup", "-type=a", $"{name}.default.svc.cluster.local.", world.Services["kube-dns.kube-system"]]);
            var found = Address().Matches(answer.Output.Split("Name:").ElementAtOrDefault(1) ?? "").Select(match => match.Value).FirstOrDefault();
            if (found != world.Services.GetValueOrDefault($"{name}.default"))
            {
                differences.Add($"the record of {name} is '{found}', not '{world.Services.GetValueOrDefault($"{name}.default")}': {answer.Output} {answer.Error}");
            }
        }

        return differences;
    }

    private static IEnumerable<string> Directories(ServerCluster cluster, WantedWorld world)
    {
        var kubelet = Path.Combine(cluster.DataDirectory, "kubelet");
        var pods = world.Pods.Select(WantedWorld.UidOf).ToHashSet();
        var mounts = File.ReadAllLines("/proc/mounts").Select(line => line.Split(' ')[1]).Where(path => path.StartsWith(kubelet + "/pods/", StringComparison.Ordinal));
        return Between("volume's directory", world.Volumes, NamesIn(Path.Combine(kubelet, "local-volumes")))
            .Concat(NamesIn(Path.Combine(kubelet, "pods")).Where(uid => !pods.Contains(uid)).Select(uid => $"the directory of the pod {uid} that is gone"))
            .Concat(mounts.Where(path => !pods.Contains(path[(kubelet.Length + "/pods/".Length)..].Split('/')[0])).Select(path => $"a mount of a pod that is gone: {path}"));
    }

    private static IEnumerable<string> NamesIn(string directory) => Directory.Exists(directory) ? Directory.GetDirectories(directory).Select(path => Path.GetFileName(path)) : [];

    private static bool IsRunning(JsonNode pod) => WantedWorld.Text(pod, "status", "phase") == "Running";

    private static async Task<IReadOnlyList<(string Pod, string What, bool Runs)>> ContainersAsync(string node)
    {
        const string Format = "{{.Label \"io.kubernetes.pod.uid\"}} {{.Label \"grainkube.io/kind\"}} {{.State}} {{.Label \"io.kubernetes.container.name\"}}";
        var lines = await Engine.DockerAsync("ps", "-a", "--filter", $"label=grainkube.io/node={node}", "--format", Format);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Select(part => (part[0], part[1] == "sandbox" ? "sandbox" : part[3], part[2] == "running"))];
    }

    // As multisets: what is there twice is one too many.
    private static IEnumerable<string> Between(string what, IEnumerable<string> wanted, IEnumerable<string> found)
    {
        var rest = found.ToList();
        var missing = wanted.Where(item => !rest.Remove(item)).Select(item => $"missing {what}: {item}").ToList();
        return missing.Concat(rest.Select(item => $"{what} too many: {item}"));
    }

    [GeneratedRegex(@"\b\d+\.\d+\.\d+\.\d+\b(?!/)")]
    private static partial Regex Address();
}
