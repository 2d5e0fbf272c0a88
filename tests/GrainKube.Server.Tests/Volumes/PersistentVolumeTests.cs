using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.Volumes;

/// <summary>Real claims of real containers.</summary>
public sealed class PersistentVolumeTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private const string Claim = """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: { name: data }
        spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 10Mi } } }
        """;

    private const string Mounted = """
            volumeMounts: [{ name: data, mountPath: /data }]
          restartPolicy: Never
          volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
        """;

    [Fact]
    public async Task What_a_pod_wrote_its_successor_reads_and_the_claim_takes_it_along()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Claim);
        await kubectl.ApplyAsync(Sample.Pod("writer", "echo kept >/data/file", Mounted));
        await kubectl.UntilAsync("pod/writer", "{.status.phase}", "Succeeded");
        await kubectl.OkAsync("delete", "pod", "writer", "--wait");

        await kubectl.ApplyAsync(Sample.Pod("reader", "id -u; cat /data/file", Mounted + "\n  securityContext: { runAsUser: 1000, fsGroup: 2000 }"));
        await kubectl.UntilAsync("pod/reader", "{.status.phase}", "Succeeded");
        Assert.Equal("1000\nkept\n", await kubectl.OkAsync("logs", "reader"));

        var volume = await kubectl.GetAsync("pvc/data", "{.spec.volumeName}");
        var path = await kubectl.GetAsync($"pv/{volume}", "{.spec.local.path}");
        Assert.Equal("kept\n", await File.ReadAllTextAsync(Path.Combine(path, "file")));
        await kubectl.OkAsync("delete", "pod/reader", "pvc/data", "--wait");
        await Eventually.GetAsync(() => kubectl.RunAsync("get", "pv", volume), answer => answer.ExitCode != 0, "the volume is gone");
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public async Task A_pod_waits_for_the_claim_it_names()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Pod("it", "echo here >/data/file", Mounted));
        await kubectl.UntilAsync(
            "pod/it", "{.status.conditions[?(@.type==\"PodScheduled\")].message}", text => text.StartsWith("0/1 nodes are available: persistentvolumeclaim \"data\" not found.", StringComparison.Ordinal), "why");
        await kubectl.ApplyAsync(Claim);
        await kubectl.UntilAsync("pod/it", "{.status.phase}", "Succeeded");
    }

    [Fact]
    public async Task A_claim_that_nobody_can_satisfy_says_why_and_so_does_its_pod()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Claim.Replace("accessModes", "storageClassName: \"\", accessModes", StringComparison.Ordinal));
        await kubectl.ApplyAsync(Sample.Pod("it", "true", Mounted));
        await kubectl.UntilAsync(
            "pod/it", "{.status.conditions[?(@.type==\"PodScheduled\")].message}", text => text.StartsWith("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.", StringComparison.Ordinal), "why");
        var told = await Eventually.GetAsync(() => kubectl.OkAsync("describe", "pvc", "data"), text => text.Contains("FailedBinding", StringComparison.Ordinal), "the event");
        Assert.Contains("no persistent volumes available for this claim and no storage class is set", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_of_the_administrator_is_bound_and_kept_when_its_claim_goes()
    {
        var kubectl = await NewAsync();
        var name = kubectl.Namespace;
        var path = Directory.CreateTempSubdirectory("grainkube-volume-").FullName;
        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: PersistentVolume
            metadata: { name: {{name}} }
            spec: { storageClassName: {{name}}, accessModes: [ReadWriteOnce], capacity: { storage: 1Gi }, hostPath: { path: {{path}} } }
            """);
        await kubectl.ApplyAsync(Claim.Replace("accessModes", $"storageClassName: {name}, accessModes", StringComparison.Ordinal));
        await kubectl.UntilAsync("pvc/data", "{.status.phase}", "Bound");
        await kubectl.ApplyAsync(Sample.Pod("it", "mkdir /data/deep; echo kept >/data/deep/file", Mounted));
        await kubectl.UntilAsync("pod/it", "{.status.phase}", "Succeeded");
        await kubectl.ApplyAsync(Sample.Pod("sub", "cat /data/file", Mounted.Replace("mountPath: /data", "mountPath: /data, subPath: deep, readOnly: true", StringComparison.Ordinal)));
        await kubectl.UntilAsync("pod/sub", "{.status.phase}", "Succeeded");
        Assert.Equal("kept\n", await kubectl.OkAsync("logs", "sub"));

        await kubectl.OkAsync("delete", "pod/it", "pod/sub", "pvc/data", "--wait");
        await kubectl.UntilAsync($"pv/{name}", "{.status.phase}", "Released");
        await kubectl.OkAsync("delete", "pv", name, "--wait");
        Assert.True(File.Exists(Path.Combine(path, "deep/file")));
        Directory.Delete(path, recursive: true);
    }

    [Fact]
    public async Task A_link_out_of_the_volume_is_no_sub_path()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Claim);
        await kubectl.ApplyAsync(Sample.Pod("first", "ln -s /etc /data/out; mkdir /data/in; echo mine >/data/in/file", Mounted));
        await kubectl.UntilAsync("pod/first", "{.status.phase}", "Succeeded");
        await kubectl.ApplyAsync(Sample.Pod("out", "ls /data", Mounted.Replace("mountPath: /data", "mountPath: /data, subPath: out", StringComparison.Ordinal)));
        await kubectl.ApplyAsync(Sample.Pod("in", "cat /data/file; touch /data/made; ls /data", Mounted.Replace("mountPath: /data", "mountPath: /data, subPathExpr: $(WHERE)", StringComparison.Ordinal)
            .Replace("    volumeMounts", "    env: [{ name: WHERE, value: in }]\n    volumeMounts", StringComparison.Ordinal)));
        await kubectl.UntilAsync("pod/in", "{.status.phase}", "Succeeded");
        Assert.Equal("mine\nfile\nmade\n", await kubectl.OkAsync("logs", "in"));
        await kubectl.UntilAsync("pod/out", "{.status.containerStatuses[0].state.waiting.reason}", "CreateContainerConfigError");
        await kubectl.OkAsync("delete", "pod", "--all", "--wait");
        await kubectl.OkAsync("delete", "pvc", "data", "--wait");
    }

    [Fact]
    public async Task A_pod_that_fills_its_empty_dir_beyond_the_limit_is_evicted()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Pod("it", "dd if=/dev/zero of=/data/file bs=1M count=3; " + Sample.Idle, """
                volumeMounts: [{ name: data, mountPath: /data }]
              volumes: [{ name: data, emptyDir: { sizeLimit: 1Mi } }]
            """));
        await kubectl.UntilAsync("pod/it", "{.status.phase}", "Failed");
        Assert.Equal("Evicted: Usage of EmptyDir volume \"data\" exceeds the limit \"1Mi\". ", await kubectl.GetAsync("pod/it", "{.status.reason}: {.status.message}"));
    }

    [Fact]
    public async Task Downward_files_follow_the_pods_labels()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Pod("it", "until grep -q colour /data/labels; do sleep 1; done; cat /data/labels", """
                volumeMounts: [{ name: data, mountPath: /data }]
              restartPolicy: Never
              volumes: [{ name: data, downwardAPI: { items: [{ path: labels, fieldRef: { fieldPath: metadata.labels } }] } }]
            """));
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/it", "--timeout=180s");
        await kubectl.OkAsync("label", "pod", "it", "colour=red");
        await kubectl.UntilAsync("pod/it", "{.status.phase}", "Succeeded");
        Assert.Equal("app=\"it\"\ncolour=\"red\"", (await kubectl.OkAsync("logs", "it")).Trim());
    }

    private async Task<KubectlClient> NewAsync() => shared.Cluster.Kubectl(KubectlBinaries.Newest, await shared.Cluster.NewNamespaceAsync());
}
