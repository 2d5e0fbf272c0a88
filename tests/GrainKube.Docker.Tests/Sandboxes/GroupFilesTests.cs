using GrainKube.Docker.Sandboxes;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Tests.Sandboxes;

public sealed class GroupFilesTests : IDisposable
{
    private static readonly ContainerResources Some = new() { CpuShares = 512, CpuQuota = 50_000, CpuPeriod = 100_000, MemoryBytes = 64 << 20 };
    private readonly string root = Directory.CreateTempSubdirectory("groups-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Version_2_has_all_in_one_group_below_a_root_that_passes_on_what_is_limited()
    {
        File.WriteAllText(Path.Combine(root, "cgroup.controllers"), "cpu memory pids\n");
        File.WriteAllText(Path.Combine(root, "cgroup.subtree_control"), "memory pids\n");
        var files = new GroupFiles(root);
        files.Write("/pod", Some);

        Assert.Equal("+cpu", Read("cgroup.subtree_control"));
        Assert.Equal(("67108864", "20", "50000 100000"), (Read("pod/memory.max"), Read("pod/cpu.weight"), Read("pod/cpu.max")));
        Assert.True(GroupFiles.AreSame(Some, files.Read("/pod")!));

        files.Write("/pod", new ContainerResources { CpuShares = 2 });
        Assert.Equal(("max", "1", "max 100000"), (Read("pod/memory.max"), Read("pod/cpu.weight"), Read("pod/cpu.max")));
        Assert.Equal(new ContainerResources { CpuShares = 2 }, files.Read("/pod"));
        Assert.Null(files.Read("/other"));
    }

    [Fact]
    public void Version_1_has_a_group_for_each_kind()
    {
        Directory.CreateDirectory(Path.Combine(root, "pids/pod"));
        var files = new GroupFiles(root);
        files.Write("/pod", Some);

        Assert.Equal(("67108864", "512", "50000", "100000"), (Read("memory/pod/memory.limit_in_bytes"), Read("cpu/pod/cpu.shares"), Read("cpu/pod/cpu.cfs_quota_us"), Read("cpu/pod/cpu.cfs_period_us")));
        Assert.Equal(Some, files.Read("/pod"));
        File.WriteAllText(Path.Combine(root, "memory/pod/memory.limit_in_bytes"), "9223372036854771712\n");
        Assert.Equal(0, files.Read("/pod")!.MemoryBytes);
    }

    [Fact]
    public void A_slice_is_named_and_told_its_limits_as_systemd_wants_it()
    {
        Assert.Equal("/grainkube_web-1_podab-cd", PodGroups.NameOf("web-1", "ab-cd", slice: false));
        Assert.Equal("grainkube_web_1_podab_cd.slice", PodGroups.NameOf("web-1", "ab-cd", slice: true));
        Assert.Equal(["set-property", "--runtime", "x.slice", "CPUWeight=20", "CPUQuota=50%", "MemoryMax=67108864"], PodGroups.SlicePropertiesOf("x.slice", Some));
        Assert.Equal(["set-property", "--runtime", "x.slice", "CPUWeight=1", "CPUQuota=", "MemoryMax=infinity"], PodGroups.SlicePropertiesOf("x.slice", new ContainerResources { CpuShares = 2 }));
    }

    private string Read(string path) => File.ReadAllText(Path.Combine(root, path));
}
