using System.Globalization;
using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.BadInput;

/// <summary>Wishes that cannot be met as they stand, of real containers: who wishes is told, and nothing has to be done again once they can.</summary>
public sealed class BadCaseTests(SharedCluster shared) : KubectlTest(shared)
{
    private const string Slot = "example.com~1slot";

    [Fact]
    public async Task Pods_whose_secret_is_missing_say_so_and_start_once_it_is_there()
    {
        var kubectl = await NewAsync(KubectlBinaries.Newest);
        await kubectl.ApplyAsync(Sample.Pod("variable", "echo $KEY", "    env: [{ name: KEY, valueFrom: { secretKeyRef: { name: keys, key: main } } }]\n  restartPolicy: Never"));
        await kubectl.ApplyAsync(Sample.Pod("file", "cat /keys/main", "    volumeMounts: [{ name: keys, mountPath: /keys }]\n  restartPolicy: Never\n  volumes: [{ name: keys, secret: { secretName: keys } }]"));

        await kubectl.UntilAsync("pod/variable", "{.status.containerStatuses[0].state.waiting.reason}", "CreateContainerConfigError");
        Assert.Equal("secret \"keys\" not found", await kubectl.GetAsync("pod/variable", "{.status.containerStatuses[0].state.waiting.message}"));
        await EventAsync(kubectl, "FailedMount: MountVolume.SetUp failed for volume \"keys\" : secret \"keys\" not found");

        await kubectl.OkAsync("create", "secret", "generic", "keys", "--from-literal=main=open");
        foreach (var pod in new[] { "variable", "file" })
        {
            await kubectl.UntilAsync($"pod/{pod}", "{.status.phase}", "Succeeded");
            Assert.Equal("open", (await kubectl.OkAsync("logs", pod)).Trim());
        }
    }

    [Fact]
    public async Task A_full_node_takes_a_pod_when_there_is_room_again()
    {
        var kubectl = await NewAsync(KubectlBinaries.Newest);
        await kubectl.OkAsync(
            "patch", "node", Cluster.NodeName, "--subresource=status", "--type=json", "-p",
            $$"""[{"op":"add","path":"/status/capacity/{{Slot}}","value":"1"},{"op":"add","path":"/status/allocatable/{{Slot}}","value":"1"}]""");
        const string TakesSlot = "    resources: { limits: { example.com/slot: 1 } }\n";
        var loopback = string.Create(CultureInfo.InvariantCulture, $"127.{Random.Shared.Next(1, 255)}.{Random.Shared.Next(256)}.{Random.Shared.Next(1, 255)}"); // no other test's
        var takesPort = $"    ports: [{{ containerPort: 8080, hostPort: 19323, hostIP: {loopback} }}]\n";
        await kubectl.ApplyAsync(Sample.Pod("first", Sample.Idle, TakesSlot + takesPort));
        await kubectl.UntilAsync("pod/first", "{.status.phase}", "Running");
        await kubectl.ApplyAsync(Sample.Pod("slot", Sample.Idle, TakesSlot));
        await kubectl.ApplyAsync(Sample.Pod("port", Sample.Idle, takesPort));

        await RefusedAsync(kubectl, "slot", "0/1 nodes are available: 1 Insufficient example.com/slot.");
        await RefusedAsync(kubectl, "port", "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.");
        await EventAsync(kubectl, "FailedScheduling: 0/1 nodes are available: 1 Insufficient example.com/slot.");

        await kubectl.OkAsync("delete", "pod", "first");
        await kubectl.UntilAsync("pod/slot", "{.status.phase}", "Running");
        await kubectl.UntilAsync("pod/port", "{.status.phase}", "Running");
    }

    [Fact]
    public async Task A_claim_that_is_going_takes_no_new_pod_and_goes_with_its_last()
    {
        var kubectl = await NewAsync(KubectlBinaries.Newest);
        await kubectl.ApplyAsync("""
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: { name: data }
            spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
            """);
        const string Mounted = "    volumeMounts: [{ name: data, mountPath: /data }]\n  volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]";
        await kubectl.ApplyAsync(Sample.Pod("first", Sample.Idle, Mounted));
        await kubectl.UntilAsync("pod/first", "{.status.phase}", "Running");

        await kubectl.OkAsync("delete", "pvc", "data", "--wait=false");
        await kubectl.ApplyAsync(Sample.Pod("late", Sample.Idle, Mounted));
        await RefusedAsync(kubectl, "late", "0/1 nodes are available: persistentvolumeclaim \"data\" is being deleted.");
        await kubectl.UntilAsync("pod/first", "{.status.phase}", "Running");

        await kubectl.OkAsync("delete", "pod", "first");
        await Eventually.GetAsync(() => kubectl.RunAsync("get", "pvc", "data"), answer => answer.ExitCode != 0, "the claim is gone");
    }

    private static Task RefusedAsync(KubectlClient kubectl, string pod, string why) =>
        kubectl.UntilAsync($"pod/{pod}", "{.status.conditions[?(@.type==\"PodScheduled\")].message}", text => text.StartsWith(why, StringComparison.Ordinal), why);

    private static Task EventAsync(KubectlClient kubectl, string text) => Eventually.GetAsync(
        () => kubectl.OkAsync("get", "events", "-o", "jsonpath={range .items[*]}{.reason}: {.message}{\"\\n\"}{end}"), all => all.Contains(text, StringComparison.Ordinal), text);
}
