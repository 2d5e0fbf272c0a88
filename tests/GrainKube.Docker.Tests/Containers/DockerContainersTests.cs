using GrainKube.Docker.Containers;
using GrainKube.Docker.Tests.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Tests.Containers;

public sealed class DockerContainersTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    private IContainers Containers => engine.Runtime.Containers;

    [Fact]
    public async Task A_container_is_created_started_and_ends_with_its_code()
    {
        var pod = await TestPod.StartAsync(engine);
        var spec = pod.Script("exit 3") with { Attempt = 2, Labels = new Dictionary<string, string> { ["example.com/hash"] = "abc" } };

        var id = await Containers.CreateAsync(spec, CancellationToken.None);
        var created = await Containers.GetAsync(id, CancellationToken.None);
        Assert.Equal(id, await Containers.CreateAsync(spec, CancellationToken.None));
        await Containers.StartAsync(id, CancellationToken.None);
        var ended = await pod.EndOfAsync(id);

        Assert.Equal(ContainerPhase.Created, created!.Phase);
        Assert.Equal((3, 2, "main", pod.Uid, pod.State.Id), (ended.ExitCode, ended.Attempt, ended.Name, ended.PodUid, ended.SandboxId));
        Assert.Equal((EngineFixture.Busybox, engine.ImageId), (ended.Image, ended.ImageId));
        Assert.True(ended.CreatedAt <= ended.StartedAt && ended.StartedAt <= ended.FinishedAt);
        Assert.Equal("abc", ended.Labels["example.com/hash"]);
        Assert.DoesNotContain(ended.Labels, label => label.Key.StartsWith("grainkube.io/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, null, "entry default")]
    [InlineData(null, "other", "entry other")]
    [InlineData("/bin/echo", null, "")]
    [InlineData("/bin/echo", "both", "both")]
    public async Task Command_and_args_replace_entry_point_and_command_as_in_Kubernetes(string? command, string? args, string output)
    {
        var pod = await TestPod.StartAsync(engine);

        var written = await pod.OutputOfAsync(pod.Container() with { Command = command is null ? [] : [command], Args = args is null ? [] : [args] });

        Assert.Equal(output + "\n", written);
    }

    [Fact]
    public async Task Environment_working_directory_and_the_images_variables_arrive()
    {
        var pod = await TestPod.StartAsync(engine);
        var spec = pod.Script("echo $A-$FROM_IMAGE; pwd") with { Environment = [new("A", "x=y z")], WorkingDirectory = "/tmp" };

        Assert.Equal("x=y z-yes\n/tmp\n", await pod.OutputOfAsync(spec));
    }

    [Fact]
    public async Task Users_and_groups_are_those_asked_for_or_the_images()
    {
        var pod = await TestPod.StartAsync(engine);
        async Task<string> IdsAsync(string name, ContainerSecurity security) =>
            await pod.OutputOfAsync(pod.Script("echo $(id -u):$(id -g):$(id -G)", name) with { Security = security });

        Assert.Equal("7:8:8\n", await IdsAsync("image", new()));
        Assert.Equal("1000:0:0\n", await IdsAsync("user", new() { RunAsUser = 1000 }));
        Assert.Equal("1000:2000:2000 3000\n", await IdsAsync("all", new() { RunAsUser = 1000, RunAsGroup = 2000, SupplementalGroups = [3000] }));
        Assert.Equal("7:2000:2000\n", await IdsAsync("group", new() { RunAsGroup = 2000 }));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 48 << 20)]
    [InlineData(64 << 20, 48 << 20)]
    public async Task Limits_change_while_it_runs_also_where_there_is_none(long before, long after)
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await Containers.CreateAsync(pod.Script("sleep 1000") with { Resources = new ContainerResources { CpuShares = 20, MemoryBytes = before } }, CancellationToken.None);
        await Containers.StartAsync(id, CancellationToken.None);

        await Containers.UpdateAsync(id, new ContainerResources { CpuShares = 25, CpuPeriod = 100_000, CpuQuota = 3_500, MemoryBytes = after }, CancellationToken.None);

        var resources = (await Containers.GetAsync(id, CancellationToken.None))!.Resources!;
        Assert.Equal((25L, 3_500L, after), (resources.CpuShares, resources.CpuQuota, resources.MemoryBytes));
    }

    [Fact]
    public async Task Security_and_limits_are_in_force()
    {
        var pod = await TestPod.StartAsync(engine);
        var spec = pod.Script("(echo > /x) 2>/dev/null || echo readonly; busybox grep -E 'NoNewPrivs|CapEff' /proc/self/status; cat /proc/self/oom_score_adj") with
        {
            Resources = new ContainerResources { CpuShares = 512, CpuQuota = 50_000, CpuPeriod = 100_000, MemoryBytes = 64 << 20, OomScoreAdjust = 900 },
            Security = new ContainerSecurity
            {
                RunAsUser = 0, ReadOnlyRootFilesystem = true, NoNewPrivileges = true, DropCapabilities = ["ALL"], AddCapabilities = ["NET_BIND_SERVICE"],
            },
        };

        var id = await pod.RunAsync(spec);
        var output = await pod.LogOfAsync(id);
        var limits = (await engine.Engine.InspectAsync(id, CancellationToken.None))!.HostConfig;

        Assert.Equal("readonly\nCapEff:\t0000000000000400\nNoNewPrivs:\t1\n900\n", output);
        Assert.Equal((512, 50_000, 100_000, 64 << 20), (limits.CPUShares, limits.CPUQuota, limits.CPUPeriod, limits.Memory));
    }

    [Fact]
    public async Task A_negative_oom_score_is_asked_for_where_the_host_allows_it()
    {
        var pod = await TestPod.StartAsync(engine);

        Assert.Equal($"{OomScores.Granted(-997)}\n", await pod.OutputOfAsync(pod.Script("cat /proc/self/oom_score_adj") with { Resources = new() { OomScoreAdjust = -997 } }));
    }

    [Theory]
    [InlineData("Name:\tx\nCapPrm:\t0000000001000000\nCapEff:\t000001fffeffffff\n", false)]
    [InlineData("Name:\tx\nCapEff:\t000001ffffffffff\nCapBnd:\t0\n", true)]
    [InlineData("", false)]
    public void Whether_the_host_allows_it_is_a_capability_of_ours(string status, bool allowed) => Assert.Equal(allowed, OomScores.Holds(status, 24));

    [Fact]
    public async Task Out_of_memory_is_told()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("a=x; while true; do a=$a$a; done") with { Resources = new() { MemoryBytes = 16 << 20 } });

        var ended = await pod.EndOfAsync(id);

        Assert.True(ended.OomKilled);
        Assert.Equal(137, ended.ExitCode);
    }

    [Fact]
    public async Task The_root_of_the_machine_can_be_mounted()
    {
        var pod = await TestPod.StartAsync(engine);

        Assert.Equal("seen\n", await pod.OutputOfAsync(pod.Script("test -d /host/etc && echo seen") with { Mounts = [new("/", "/host", ReadOnly: true)] }));
    }

    [Fact]
    public async Task Mounts_show_the_hosts_files_and_respect_read_only()
    {
        var pod = await TestPod.StartAsync(engine);
        var directory = Directory.CreateTempSubdirectory("mount:");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, "in"), "from the host\n");
            var output = await pod.OutputOfAsync(pod.Script("exec 2>&1; cat /data/in; echo back > /data/out; echo no > /fixed/out || echo refused") with
            {
                Mounts = [new(directory.FullName, "/data", ReadOnly: false), new(directory.FullName, "/fixed", ReadOnly: true)],
            });

            Assert.StartsWith("from the host\n", output);
            Assert.EndsWith("refused\n", output);
            Assert.Equal("back\n", await File.ReadAllTextAsync(Path.Combine(directory.FullName, "out")));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_root_of_the_host_can_be_mounted()
    {
        var pod = await TestPod.StartAsync(engine);

        var output = await pod.OutputOfAsync(pod.Script("ls -d /host/etc") with { Mounts = [new("/", "/host", ReadOnly: false)] });

        Assert.Equal("/host/etc\n", output);
    }

    [Fact]
    public async Task A_missing_host_path_is_an_error_and_nothing_is_made_there()
    {
        var pod = await TestPod.StartAsync(engine);
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());

        var error = await Assert.ThrowsAsync<RuntimeException>(
            () => Containers.CreateAsync(pod.Script("true") with { Mounts = [new(path, "/data", ReadOnly: false)] }, CancellationToken.None));

        Assert.Contains("does not exist", error.Message);
        Assert.False(Path.Exists(path));
    }

    [Fact]
    public async Task Containers_of_a_pod_share_network_and_ipc_but_not_processes()
    {
        var pod = await TestPod.StartAsync(engine);
        await pod.RunAsync(pod.Script("echo served > /tmp/x; echo shared > /dev/shm/x; exec httpd -f -p 9000 -h /tmp", "server"));

        var output = await pod.OutputOfAsync(pod.Script("until wget -q -O - http://127.0.0.1:9000/x 2>/dev/null; do sleep 0.1; done; cat /dev/shm/x; echo $$", "client"));

        Assert.Equal("served\nshared\n1\n", output);
    }

    [Fact]
    public async Task Processes_are_shared_where_the_pod_asks_for_it()
    {
        var pod = await TestPod.StartAsync(engine, spec => spec with { ShareProcesses = true });

        Assert.Equal("/pause\n", await pod.OutputOfAsync(pod.Script("tr '\\0' '\\n' < /proc/1/cmdline")));
    }

    [Fact]
    public async Task A_host_pid_and_ipc_pod_has_the_hosts()
    {
        var pod = await TestPod.StartAsync(engine, spec => spec with { HostPid = true, HostIpc = true });

        Assert.Equal(
            ProcLink.TargetOf("/proc/self/ns/pid") + "\n" + ProcLink.TargetOf("/proc/self/ns/ipc") + "\n",
            await pod.OutputOfAsync(pod.Script("busybox readlink /proc/self/ns/pid; busybox readlink /proc/self/ns/ipc")));
    }

    [Fact]
    public async Task A_command_that_does_not_exist_cannot_run_and_the_container_says_why()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await Containers.CreateAsync(pod.Container() with { Command = ["/no/such"] }, CancellationToken.None);

        var error = await Assert.ThrowsAsync<RuntimeException>(() => Containers.StartAsync(id, CancellationToken.None));
        var state = await Containers.GetAsync(id, CancellationToken.None);

        Assert.Equal(RuntimeError.CannotRun, error.Error);
        Assert.Contains("no such file or directory", error.Message);
        Assert.Equal((ContainerPhase.Exited, 127), (state!.Phase, state.ExitCode));
        Assert.Contains("no such file or directory", state.Error);
        Assert.NotNull(state.FinishedAt);
    }

    [Fact]
    public async Task A_file_that_cannot_be_executed_cannot_run()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await Containers.CreateAsync(pod.Container() with { Command = ["/etc/passwd"] }, CancellationToken.None);

        Assert.Equal(RuntimeError.CannotRun, (await Assert.ThrowsAsync<RuntimeException>(() => Containers.StartAsync(id, CancellationToken.None))).Error);
    }

    [Fact]
    public async Task An_absent_image_or_sandbox_is_not_found()
    {
        var pod = await TestPod.StartAsync(engine);
        var image = pod.Script("true") with { ImageId = "sha256:" + new string('0', 64) };
        var sandbox = pod.Script("true") with { SandboxId = new string('0', 64) };

        Assert.Equal(RuntimeError.NotFound, (await Assert.ThrowsAsync<RuntimeException>(() => Containers.CreateAsync(image, CancellationToken.None))).Error);
        Assert.Equal(RuntimeError.NotFound, (await Assert.ThrowsAsync<RuntimeException>(() => Containers.CreateAsync(sandbox, CancellationToken.None))).Error);
    }

    [Fact]
    public async Task Stop_lets_the_container_end_by_itself_within_its_grace()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("trap 'echo bye; exit 7' TERM; echo up; while true; do sleep 0.1; done"));
        await Eventually.TrueAsync(async () => await HasLoggedAsync(id));

        await Containers.StopAsync(id, TimeSpan.FromSeconds(20), CancellationToken.None);

        Assert.Equal(7, (await Containers.GetAsync(id, CancellationToken.None))!.ExitCode);
        Assert.Equal("up\nbye\n", await pod.LogOfAsync(id));
    }

    [Fact]
    public async Task Stop_kills_after_the_grace_and_may_be_repeated()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("trap '' TERM; echo up; while true; do sleep 0.1; done"));
        await Eventually.TrueAsync(async () => await HasLoggedAsync(id));

        await Containers.StopAsync(id, TimeSpan.Zero, CancellationToken.None);
        await Containers.StopAsync(id, TimeSpan.Zero, CancellationToken.None);

        Assert.Equal(137, (await Containers.GetAsync(id, CancellationToken.None))!.ExitCode);
    }

    [Fact]
    public async Task A_stop_signal_of_its_own_is_used()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("trap 'exit 9' USR1; echo up; while true; do sleep 0.1; done") with { StopSignal = "SIGUSR1" });
        await Eventually.TrueAsync(async () => await HasLoggedAsync(id));

        await Containers.StopAsync(id, TimeSpan.FromSeconds(20), CancellationToken.None);

        Assert.Equal(9, (await Containers.GetAsync(id, CancellationToken.None))!.ExitCode);
    }

    [Fact]
    public async Task A_shorter_grace_overtakes_a_longer_one()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("trap '' TERM; echo up; while true; do sleep 0.1; done"));
        await Eventually.TrueAsync(async () => await HasLoggedAsync(id));

        var slow = Containers.StopAsync(id, TimeSpan.FromMinutes(10), CancellationToken.None);
        await Containers.StopAsync(id, TimeSpan.FromSeconds(1), CancellationToken.None);
        await slow;

        Assert.Equal(ContainerPhase.Exited, (await Containers.GetAsync(id, CancellationToken.None))!.Phase);
    }

    [Fact]
    public async Task Removing_kills_and_may_be_repeated_also_at_once()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("sleep 1000"));

        await Task.WhenAll(Containers.RemoveAsync(id, CancellationToken.None), Containers.RemoveAsync(id, CancellationToken.None));
        await Containers.RemoveAsync(id, CancellationToken.None);

        Assert.Null(await Containers.GetAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task The_list_has_this_nodes_containers_without_sandboxes()
    {
        var pod = await TestPod.StartAsync(engine);
        var ids = new[] { await pod.RunAsync(pod.Script("exit 1", "a")), await pod.RunAsync(pod.Script("sleep 1000", "b")) };
        await pod.EndOfAsync(ids[0]);
        await using var other = new OtherNode();

        var listed = (await Containers.ListAsync(CancellationToken.None)).Where(container => container.PodUid == pod.Uid).ToList();

        Assert.Equal(ids, listed.Select(container => container.Id));
        Assert.Equal([ContainerPhase.Exited, ContainerPhase.Running], listed.Select(container => container.Phase));
        Assert.Empty(await other.Runtime.Containers.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task What_a_running_container_uses_is_told_and_nothing_of_one_that_ended()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done; echo done; sleep 1000"));
        await Eventually.TrueAsync(async () => await HasLoggedAsync(id));

        var usage = await Containers.GetUsageAsync(id, CancellationToken.None);
        await Containers.StopAsync(id, TimeSpan.Zero, CancellationToken.None);

        Assert.InRange(usage!.CpuNanoseconds, 1_000_000ul, 60_000_000_000ul);
        Assert.InRange(usage.MemoryBytes, 1ul, 64ul << 20);
        Assert.InRange(usage.WorkingSetBytes, 1ul, usage.MemoryBytes);
        Assert.Null(await Containers.GetUsageAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task An_end_that_was_another_process_doing_is_listed_though_the_container_was_known_to_run()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("exec sleep 1000"));
        await using var other = engine.NewRuntime();
        Assert.Equal(ContainerPhase.Running, (await engine.Runtime.ListAsync(CancellationToken.None)).Containers.Single(c => c.Id == id).Phase);

        await other.Containers.StopAsync(id, TimeSpan.Zero, CancellationToken.None);

        await Eventually.TrueAsync(async () =>
            (await engine.Runtime.ListAsync(CancellationToken.None)).Containers.Single(c => c.Id == id) is { Phase: ContainerPhase.Exited, ExitCode: 137 });
    }

    [Fact]
    public async Task What_a_container_writes_is_found_on_disk()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("echo kept > /kept; echo told"));
        await pod.EndOfAsync(id);

        var files = (await Containers.GetFilesAsync(id, CancellationToken.None))!;
        var kept = await File.ReadAllTextAsync(Path.Combine(files.Layer, "kept"));
        await Containers.RemoveAsync(id, CancellationToken.None);

        Assert.Equal("kept\n", kept);
        Assert.EndsWith("-json.log", Assert.Single(files.Logs), StringComparison.Ordinal);
        Assert.Null(await Containers.GetFilesAsync(id, CancellationToken.None));
    }

    private async Task<bool> HasLoggedAsync(string id)
    {
        await foreach (var _ in Containers.ReadLogAsync(id, new LogQuery(), CancellationToken.None))
        {
            return true;
        }

        return false;
    }
}
