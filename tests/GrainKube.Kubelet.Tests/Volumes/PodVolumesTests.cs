using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Images;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Tests.Agent;
using GrainKube.Kubelet.Volumes;

namespace GrainKube.Kubelet.Tests.Volumes;

public sealed class PodVolumesTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    private readonly string root = Directory.CreateTempSubdirectory("grainkube-volumes-").FullName;
    private readonly TestNode node = new();
    private readonly Tokens tokens;
    private readonly PodVolumes volumes;

    public PodVolumesTests()
    {
        tokens = new Tokens(node.Time);
        volumes = new PodVolumes(new NodeOptions { Name = "node-1", PodCidr = "", NodeIp = "", RootDirectory = root }, tokens, node.Time);
    }

    [Fact]
    public async Task A_config_map_becomes_files_behind_one_link()
    {
        node.Put("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"default"},"data":{"a":"1","b":"2"},"binaryData":{"c":"AAE="}}""");
        var pod = await PodAsync("""[{"name":"v","configMap":{"name":"c"}}]""");
        await volumes.MountAsync(pod, CancellationToken.None);
        var path = MountOf(pod).HostPath;
        Assert.Equal("1", File.ReadAllText(Path.Combine(path, "a")));
        Assert.Equal([0, 1], File.ReadAllBytes(Path.Combine(path, "c")));
        Assert.Equal("..data/a", new FileInfo(Path.Combine(path, "a")).LinkTarget);
        Assert.True(MountOf(pod).ReadOnly);
    }

    [Fact]
    public async Task A_changed_source_replaces_all_files_at_once()
    {
        node.Put("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"default"},"data":{"a":"1","b":"2"}}""");
        var pod = await PodAsync("""[{"name":"v","configMap":{"name":"c"}}]""");
        await volumes.MountAsync(pod, CancellationToken.None);
        var path = MountOf(pod).HostPath;
        var first = new FileInfo(Path.Combine(path, "..data")).LinkTarget;
        await volumes.MountAsync(pod, CancellationToken.None);
        Assert.Equal(first, new FileInfo(Path.Combine(path, "..data")).LinkTarget);

        node.Put("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"default"},"data":{"a":"3","d":"4"}}""");
        await volumes.MountAsync(pod, CancellationToken.None);
        Assert.Equal("3", File.ReadAllText(Path.Combine(path, "a")));
        Assert.Equal("4", File.ReadAllText(Path.Combine(path, "d")));
        Assert.False(Path.Exists(Path.Combine(path, "b")));
        Assert.NotEqual(first, new FileInfo(Path.Combine(path, "..data")).LinkTarget);
        Assert.False(Directory.Exists(Path.Combine(path, first!)));
    }

    [Fact]
    public async Task What_a_container_wrote_is_read_without_following_its_links()
    {
        var pod = await PodAsync("""[{"name":"v","emptyDir":{}}]""");
        await volumes.MountAsync(pod, CancellationToken.None);
        var path = MountOf(pod).HostPath;
        File.WriteAllText(Path.Combine(path, "env"), "A='1'");
        File.CreateSymbolicLink(Path.Combine(path, "inside"), "env");
        File.CreateSymbolicLink(Path.Combine(path, "outside"), "/etc/passwd");

        Assert.Equal("A='1'", volumes.ReadFile(pod, "v", "env"));
        Assert.Equal("A='1'", volumes.ReadFile(pod, "v", "inside"));
        Assert.Null(volumes.ReadFile(pod, "v", "none"));
        Assert.Throws<VolumeException>(() => volumes.ReadFile(pod, "v", "outside"));
        Assert.Throws<VolumeException>(() => volumes.ReadFile(pod, "other", "env"));
    }

    [Fact]
    public async Task An_image_is_a_volume_to_read_from_and_is_pulled_when_a_container_of_it_starts()
    {
        var pod = await PodAsync("""[{"name":"v","image":{"reference":"registry.example/model:1","pullPolicy":"Always"}}]""");
        await volumes.MountAsync(pod, CancellationToken.None);
        Assert.Throws<VolumeException>(() => MountOf(pod));

        await volumes.PrepareAsync(pod, pod.Spec.Containers[0], CancellationToken.None);

        Assert.True(Directory.Exists(MountOf(pod).HostPath));
        Assert.True(MountOf(pod).ReadOnly);
        Assert.Contains(node.View.Events, e => e.Reason == "Pulling" && e.Message == "Pulling image \"registry.example/model:1\"");
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_is_told_as_a_containers_is()
    {
        var pod = await PodAsync("""[{"name":"v","image":{"reference":"registry.invalid/model:1","pullPolicy":"IfNotPresent"}}]""");
        var failed = await Assert.ThrowsAsync<ContainerStartException>(() => volumes.PrepareAsync(pod, pod.Spec.Containers[0], CancellationToken.None));
        Assert.Equal(("ErrImagePull", "registry.invalid/model:1"), (failed.Reason, failed.Image));
    }

    [Fact]
    public async Task Items_choose_keys_paths_and_modes()
    {
        node.Put("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"default"},"data":{"key":"aGk=","other":"eA=="}}""");
        var pod = await PodAsync("""[{"name":"v","secret":{"secretName":"s","defaultMode":256,"items":[{"key":"key","path":"deep/file","mode":384}]}}]""");
        await volumes.MountAsync(pod, CancellationToken.None);
        var file = Path.Combine(MountOf(pod).HostPath, "deep/file");
        Assert.Equal("hi", File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.False(Path.Exists(Path.Combine(MountOf(pod).HostPath, "other")));
    }

    [Theory]
    [InlineData("""[{"name":"v","configMap":{"name":"none"}}]""", """MountVolume.SetUp failed for volume "v" : configmap "none" not found""")]
    [InlineData("""[{"name":"v","secret":{"secretName":"none"}}]""", """MountVolume.SetUp failed for volume "v" : secret "none" not found""")]
    [InlineData("""[{"name":"v","hostPath":{"path":"/etc/passwd","type":"Directory"}}]""", """MountVolume.SetUp failed for volume "v" : hostPath type check failed: /etc/passwd is not a directory, it's a File""")]
    public async Task What_cannot_be_mounted_says_why(string volume, string message)
    {
        var pod = await PodAsync(volume);
        var failed = await Assert.ThrowsAsync<VolumeException>(() => volumes.MountAsync(pod, CancellationToken.None));
        Assert.Equal(message, failed.Message);
    }

    [Fact]
    public async Task An_optional_source_may_be_missing()
    {
        var pod = await PodAsync("""[{"name":"v","configMap":{"name":"none","optional":true}}]""");
        await volumes.MountAsync(pod, CancellationToken.None);
        Assert.True(Directory.Exists(MountOf(pod).HostPath));
    }

    [Fact]
    public async Task A_projected_volume_gathers_its_sources_and_renews_its_token()
    {
        node.Put("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"kube-root-ca.crt","namespace":"default"},"data":{"ca.crt":"CA"}}""");
        var pod = await PodAsync("""
            [{"name":"v","projected":{"sources":[
              {"serviceAccountToken":{"path":"token","expirationSeconds":3600}},
              {"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},
              {"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"fieldPath":"metadata.namespace"}}]}}]}}]
            """);
        await volumes.MountAsync(pod, CancellationToken.None);
        var path = MountOf(pod).HostPath;
        Assert.Equal("default/default//1", File.ReadAllText(Path.Combine(path, "token")));
        Assert.Equal("CA", File.ReadAllText(Path.Combine(path, "ca.crt")));
        Assert.Equal("default", File.ReadAllText(Path.Combine(path, "namespace")));
        Assert.Equal(node.Time.GetUtcNow() + TimeSpan.FromSeconds(2880), pod.Memory.VolumesRefreshAt);

        await volumes.MountAsync(pod, CancellationToken.None);
        Assert.Equal(1, tokens.Issued);
        node.Time.Advance(TimeSpan.FromSeconds(2880));
        await volumes.MountAsync(pod, CancellationToken.None);
        Assert.Equal("default/default//2", File.ReadAllText(Path.Combine(path, "token")));
    }

    [Fact]
    public async Task The_downward_api_shows_labels_sorted_and_quoted()
    {
        var pod = await PodAsync(
            """[{"name":"v","downwardAPI":{"items":[{"path":"labels","fieldRef":{"fieldPath":"metadata.labels"}}]}}]""",
            """{"labels":{"b":"2","a":"say \"x\""}}""");
        await volumes.MountAsync(pod, CancellationToken.None);
        Assert.Equal("a=\"say \\\"x\\\"\"\nb=\"2\"", File.ReadAllText(Path.Combine(MountOf(pod).HostPath, "labels")));
    }

    [Fact]
    public async Task An_empty_dir_is_everybodys_and_survives_the_kubelet()
    {
        var pod = await PodAsync("""[{"name":"v","emptyDir":{}}]""");
        await volumes.MountAsync(pod, CancellationToken.None);
        var path = MountOf(pod).HostPath;
        Assert.Equal((UnixFileMode)0x1FF, File.GetUnixFileMode(path));
        File.WriteAllText(Path.Combine(path, "kept"), "x");
        await volumes.MountAsync(pod, CancellationToken.None);
        Assert.True(File.Exists(Path.Combine(path, "kept")));
        Assert.False(MountOf(pod).ReadOnly);
    }

    [Fact]
    public async Task A_sub_path_stays_inside_its_volume()
    {
        var pod = await PodAsync("""[{"name":"v","emptyDir":{}}]""");
        await volumes.MountAsync(pod, CancellationToken.None);
        var path = MountOf(pod).HostPath;
        Assert.Equal(Path.Combine(path, "a/b"), SubPath.Resolve(path, "a/b", create: true));
        File.CreateSymbolicLink(Path.Combine(path, "out"), "/etc");
        File.CreateSymbolicLink(Path.Combine(path, "up"), "../..");
        File.CreateSymbolicLink(Path.Combine(path, "in"), "a/b");
        Assert.Throws<VolumeException>(() => SubPath.Resolve(path, "out/passwd", create: false));
        Assert.Throws<VolumeException>(() => SubPath.Resolve(path, "up", create: false));
        Assert.Throws<VolumeException>(() => SubPath.Resolve(path, "../x", create: true));
        Assert.Equal(Path.Combine(path, "a/b"), SubPath.Resolve(path, "in", create: false));
    }

    [Fact]
    public void A_pinned_sub_path_does_not_follow_what_is_put_in_its_way()
    {
        var volume = Directory.CreateDirectory(Path.Combine(root, "volume")).FullName;
        var inside = Directory.CreateDirectory(Path.Combine(volume, "a/b")).FullName;
        File.WriteAllText(Path.Combine(inside, "file"), "mine");
        var place = Path.Combine(root, "pinned");
        var pinned = SubPathMounts.Pin(volume, inside, place);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(pinned, "file")));
        MemoryMounts.RemoveBelow(place);

        Directory.Move(Path.Combine(volume, "a"), Path.Combine(volume, "moved"));
        File.CreateSymbolicLink(Path.Combine(volume, "a"), "/etc");
        Assert.ThrowsAny<IOException>(() => SubPathMounts.Pin(volume, inside, place));
    }

    [Fact]
    public async Task Every_container_has_the_pods_hosts_and_a_place_for_its_last_words()
    {
        var pod = await PodAsync("""[]""");
        await volumes.MountAsync(pod, CancellationToken.None);
        var mounts = volumes.MountsOf(pod, pod.Spec.Containers[0], 2, NoEnvironment);
        var hosts = File.ReadAllText(mounts.Single(m => m.ContainerPath == "/etc/hosts").HostPath);
        Assert.Contains("10.9.0.2\tweb\n", hosts, StringComparison.Ordinal);
        var words = mounts.Single(m => m.ContainerPath == "/dev/termination-log").HostPath;
        File.WriteAllText(words, "the end");
        var state = new Kubelet.Runtime.ContainerState
        {
            Id = "x", SandboxId = "s", PodUid = pod.Uid, Namespace = "default", PodName = "web", Name = "web", Attempt = 2,
            Phase = Kubelet.Runtime.ContainerPhase.Exited, Image = "", ImageId = "", CreatedAt = node.Time.GetUtcNow(),
        };
        Assert.Equal("the end", await volumes.ReadTerminationMessageAsync(state, CancellationToken.None));
    }

    [Fact]
    public async Task Nothing_of_a_removed_pod_stays_on_disk()
    {
        node.Put("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"default"},"data":{"key":"aGk="}}""");
        var pod = await PodAsync("""[{"name":"v","secret":{"secretName":"s"}},{"name":"e","emptyDir":{}}]""");
        await volumes.MountAsync(pod, CancellationToken.None);
        Assert.Equal([pod.Uid], volumes.PodsWithFiles());
        await volumes.RemoveAsync(pod.Uid, CancellationToken.None);
        Assert.Empty(volumes.PodsWithFiles());
        await volumes.RemoveAsync(pod.Uid, CancellationToken.None);
    }

    [Fact]
    public async Task A_claim_is_the_directory_of_its_volume_and_the_pods_group_owns_what_is_in_it()
    {
        var disk = Directory.CreateDirectory(Path.Combine(root, "disk")).FullName;
        File.WriteAllText(Path.Combine(disk, "kept"), "x");
        File.CreateSymbolicLink(Path.Combine(disk, "out"), "/etc");
        var host = File.GetUnixFileMode("/etc");
        PutClaim("node-1", disk);
        var pod = await PodAsync("""[{"name":"v","persistentVolumeClaim":{"claimName":"data"}}],"securityContext":{"fsGroup":4711}""");
        await volumes.MountAsync(pod, CancellationToken.None);
        Assert.Equal(disk, MountOf(pod).HostPath);
        Assert.Equal((4711, 4711), (Native.GroupOf(disk), Native.GroupOf(Path.Combine(disk, "kept"))));
        Assert.True(File.GetUnixFileMode(disk).HasFlag(UnixFileMode.SetGroup | UnixFileMode.GroupWrite));
        Assert.Equal((0, host), (Native.GroupOf("/etc"), File.GetUnixFileMode("/etc")));
    }

    [Fact]
    public async Task A_claim_that_cannot_be_mounted_says_why()
    {
        var pod = await PodAsync("""[{"name":"v","persistentVolumeClaim":{"claimName":"data"}}]""");
        Assert.EndsWith("persistentvolumeclaims \"data\" not found", await FailureAsync(pod), StringComparison.Ordinal);
        PutClaim("node-1", "/not/there");
        Assert.EndsWith("path \"/not/there\" does not exist", await FailureAsync(pod), StringComparison.Ordinal);
        PutClaim("elsewhere", "/not/there");
        Assert.EndsWith("MountVolume.NodeAffinity check failed for volume \"pv\" : no matching NodeSelectorTerms", await FailureAsync(pod), StringComparison.Ordinal);
        PutClaim("node-1", "/not/there", phase: "Pending");
        Assert.EndsWith("PVC data is not bound", await FailureAsync(pod), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/null", "CharDevice", "")]
    [InlineData("/dev/null", "Socket", "hostPath type check failed: /dev/null is not a socket file, it's a CharDevice")]
    [InlineData("/etc", "File", "hostPath type check failed: /etc is not a file, it's a Directory")]
    [InlineData("/not/there", "Directory", "hostPath /not/there doesn't exist")]
    [InlineData("/etc/passwd", "DirectoryOrCreate", "hostPath type check failed: /etc/passwd is not a directory, it's a File")]
    public void A_path_of_the_host_is_of_its_type(string path, string type, string message)
    {
        var failure = Record.Exception(() => HostPaths.Ensure(new k8s.Models.V1HostPathVolumeSource { Path = path, Type = type }));
        Assert.Equal(message, failure?.Message ?? "");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var uid in volumes.PodsWithFiles())
        {
            await volumes.RemoveAsync(uid, CancellationToken.None);
        }

        await node.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Theory]
    [InlineData("/tmp", "error SubPath `/tmp/x` must not be an absolute path")]
    [InlineData("", "error SubPath `/x` must not be an absolute path")]
    [InlineData("..", "failed to prepare subPath for volumeMount: ../x leaves its volume")]
    public async Task A_sub_path_that_an_expression_leads_out_of_its_volume_is_refused(string value, string expected)
    {
        var pod = await node.PodAsync("""{"containers":[{"name":"web","image":"nginx","volumeMounts":[{"name":"v","mountPath":"/v","subPathExpr":"$(DIR)/x"}]}],"volumes":[{"name":"v","emptyDir":{}}]}""", "{}");
        await volumes.MountAsync(pod, CancellationToken.None);

        var refused = Assert.Throws<VolumeException>(() => volumes.MountsOf(pod, pod.Spec.Containers[0], 0, new Dictionary<string, string> { ["DIR"] = value }));

        Assert.Equal(expected, refused.Message);
    }

    private async Task<string> FailureAsync(PodContext pod) => (await Assert.ThrowsAsync<VolumeException>(() => volumes.MountAsync(pod, CancellationToken.None))).Message;

    private void PutClaim(string hostname, string path, string phase = "Bound")
    {
        node.Put("""{"apiVersion":"v1","kind":"Node","metadata":{"name":"node-1","labels":{"kubernetes.io/hostname":"node-1"}}}""");
        node.Put($$"""
            {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data","namespace":"default","uid":"c"},"spec":{"volumeName":"pv"},"status":{"phase":"{{phase}}"} }
            """);
        node.Put($$"""
            {"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"pv"},"spec":{"claimRef":{"namespace":"default","name":"data","uid":"c"},"local":{"path":"{{path}}"},
             "nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"kubernetes.io/hostname","operator":"In","values":["{{hostname}}"]}]}]} } } }
            """);
    }

    private Task<PodContext> PodAsync(string list, string metadata = "{}") => node.PodAsync(
        $$"""{"containers":[{"name":"web","image":"nginx","volumeMounts":[{"name":"v","mountPath":"/v"}]}],"volumes":{{list}}}""".Replace(
            list == "[]" ? ""","volumeMounts":[{"name":"v","mountPath":"/v"}]""" : "\0", "", StringComparison.Ordinal),
        metadata);

    private Kubelet.Runtime.ContainerMount MountOf(PodContext pod) => volumes.MountsOf(pod, pod.Spec.Containers[0], 0, NoEnvironment).Single(m => m.ContainerPath == "/v");

    private sealed class Tokens(TimeProvider time) : ITokenSource
    {
        public int Issued { get; private set; }

        public Task<IssuedToken> IssueAsync(TokenRequest request, CancellationToken cancel) =>
            Task.FromResult(new IssuedToken($"{request.Namespace}/{request.ServiceAccount}/{request.Audience}/{++Issued}", time.GetUtcNow() + request.Lifetime));
    }
}
