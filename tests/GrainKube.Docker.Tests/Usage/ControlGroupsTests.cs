using GrainKube.Docker.Usage;

namespace GrainKube.Docker.Tests.Usage;

public sealed class ControlGroupsTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2024, 5, 6, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("cgroup-");

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public void Version_1_is_read()
    {
        Write("proc/42/cgroup", "9:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n");
        Write("sys/fs/cgroup/cpuacct/docker/abc/cpuacct.usage", "123456\n");
        Write("sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes", "1000\n");
        Write("sys/fs/cgroup/memory/docker/abc/memory.stat", "inactive_file 1\ntotal_inactive_file 300\n");

        Assert.Equal(new(Now, 123456, 1000, 700), new ControlGroups(root.FullName).Read(42, Now));
    }

    [Fact]
    public void Version_2_is_read()
    {
        Write("proc/42/cgroup", "0::/system.slice/docker-abc.scope\n");
        Write("sys/fs/cgroup/system.slice/docker-abc.scope/cpu.stat", "usage_usec 77\nuser_usec 70\n");
        Write("sys/fs/cgroup/system.slice/docker-abc.scope/memory.current", "5000\n");
        Write("sys/fs/cgroup/system.slice/docker-abc.scope/memory.stat", "anon 1\ninactive_file 6000\n");

        Assert.Equal(new(Now, 77_000, 5000, 0), new ControlGroups(root.FullName).Read(42, Now));
    }

    [Fact]
    public void A_process_that_is_gone_uses_nothing_and_is_in_no_container()
    {
        var groups = new ControlGroups(root.FullName);

        Assert.Null(groups.Read(42, Now));
        Assert.False(groups.IsIn(42, "abc"));
    }

    [Fact]
    public void A_process_is_in_the_container_that_its_groups_name()
    {
        Write("proc/42/cgroup", "9:memory:/docker/abc\n");

        Assert.True(new ControlGroups(root.FullName).IsIn(42, "abc"));
        Assert.False(new ControlGroups(root.FullName).IsIn(42, "abd"));
    }

    private void Write(string path, string content)
    {
        var full = Path.Combine(root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }
}
