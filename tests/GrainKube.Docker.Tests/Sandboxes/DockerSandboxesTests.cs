using System.Net;
using Docker.DotNet.Models;
using GrainKube.Docker.Sandboxes;
using GrainKube.Docker.Tests.Engine;
using GrainKube.Hosting;
using GrainKube.Kubelet.Runtime;
using PortBinding = GrainKube.Kubelet.Runtime.PortBinding;

namespace GrainKube.Docker.Tests.Sandboxes;

public sealed class DockerSandboxesTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    private ISandboxes Sandboxes => engine.Runtime.Sandboxes;

    [Fact]
    public async Task A_sandbox_runs_with_an_address_of_the_nodes_range()
    {
        var pod = await TestPod.StartAsync(engine);

        Assert.True(pod.State.Running);
        Assert.True(IPNetwork.Parse(engine.PodCidr).Contains(IPAddress.Parse(pod.State.Ip)));
        Assert.Equal(("web", "default", pod.Uid, 0), (pod.State.PodName, pod.State.Namespace, pod.State.PodUid, pod.State.Attempt));
        Assert.Contains(pod.State, await Sandboxes.ListAsync(CancellationToken.None));
        var inspected = await engine.Engine.InspectAsync(pod.State.Id, CancellationToken.None);
        Assert.Equal(pod.State.Ip, inspected!.NetworkSettings.Networks.Values.Single().IPAddress);
    }

    [Fact]
    public async Task Creating_it_again_returns_the_same()
    {
        var pod = await TestPod.StartAsync(engine);

        Assert.Equal(pod.State, await Sandboxes.CreateAsync(pod.Sandbox, CancellationToken.None));
    }

    [Fact]
    public async Task A_later_attempt_is_another_sandbox()
    {
        var pod = await TestPod.StartAsync(engine);
        await Sandboxes.StopAsync(pod.State.Id, CancellationToken.None);

        var second = await Sandboxes.CreateAsync(pod.Sandbox with { Attempt = 1 }, CancellationToken.None);

        Assert.NotEqual(pod.State.Id, second.Id);
        Assert.NotEqual(pod.State.Ip, second.Ip);
        Assert.False((await Sandboxes.GetAsync(pod.State.Id, CancellationToken.None))!.Running);
    }

    [Fact]
    public async Task A_freed_address_is_not_the_next_to_be_given_even_after_a_restart()
    {
        var pod = await TestPod.StartAsync(engine);
        await Sandboxes.StopAsync(pod.State.Id, CancellationToken.None);
        await using var restarted = engine.NewRuntime();

        var next = await restarted.Sandboxes.CreateAsync(new TestPod(engine).Sandbox, CancellationToken.None);

        Assert.NotEqual(pod.State.Ip, next.Ip);
    }

    [Fact]
    public async Task Many_sandboxes_at_once_have_an_address_each()
    {
        var pods = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TestPod.StartAsync(engine)));

        Assert.Equal(6, pods.Select(pod => pod.State.Ip).Distinct().Count());
    }

    [Fact]
    public async Task An_address_held_by_a_foreign_container_is_passed_over()
    {
        var network = engine.Engine.Options.NetworkName;
        var first = await TestPod.StartAsync(engine);
        var parameters = new CreateContainerParameters
        {
            Image = (await engine.Engine.InspectAsync(first.State.Id, CancellationToken.None))!.Image,
            HostConfig = new HostConfig { NetworkMode = network },
        };
        var foreign = (await engine.Engine.CallAsync(docker => docker.Containers.CreateContainerAsync(parameters), CancellationToken.None)).ID;
        try
        {
            await engine.Engine.CallAsync(docker => docker.Containers.StartContainerAsync(foreign, new()), CancellationToken.None);
            for (var count = 0; count < 12; count++)
            {
                Assert.NotEqual("", (await TestPod.StartAsync(engine)).State.Ip);
            }
        }
        finally
        {
            await engine.Engine.RemoveAsync(foreign, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Stopping_and_removing_are_quick_and_may_be_repeated()
    {
        var pod = await TestPod.StartAsync(engine);

        await Sandboxes.StopAsync(pod.State.Id, CancellationToken.None);
        var stopped = await Sandboxes.GetAsync(pod.State.Id, CancellationToken.None);
        var code = (await engine.Engine.InspectAsync(pod.State.Id, CancellationToken.None))!.State.ExitCode;
        await Sandboxes.StopAsync(pod.State.Id, CancellationToken.None);
        await Sandboxes.RemoveAsync(pod.State.Id, CancellationToken.None);
        await Sandboxes.RemoveAsync(pod.State.Id, CancellationToken.None);
        await Sandboxes.StopAsync(pod.State.Id, CancellationToken.None);

        Assert.False(stopped!.Running);
        Assert.Equal("", stopped.Ip);
        Assert.Equal(0, code); // it ended by itself on SIGTERM, it was not killed
        Assert.Null(await Sandboxes.GetAsync(pod.State.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Host_name_resolver_and_sysctls_are_the_pods()
    {
        var pod = await TestPod.StartAsync(engine, spec => spec with
        {
            Hostname = "web-0",
            DnsServers = ["10.96.0.10"],
            DnsSearches = ["default.svc.cluster.local", "svc.cluster.local"],
            DnsOptions = ["ndots:5"],
            Sysctls = new Dictionary<string, string> { ["net.ipv4.ip_unprivileged_port_start"] = "0" },
        });

        var output = await pod.OutputOfAsync(pod.Script("hostname; cat /etc/resolv.conf /proc/sys/net/ipv4/ip_unprivileged_port_start"));

        Assert.Equal("web-0\nnameserver 10.96.0.10\nsearch default.svc.cluster.local svc.cluster.local\noptions ndots:5\n0\n", output);
    }

    [Fact]
    public async Task A_host_network_pod_has_no_address_of_its_own()
    {
        var pod = await TestPod.StartAsync(engine, spec => spec with { HostNetwork = true });

        Assert.True(pod.State.Running);
        Assert.Equal("", pod.State.Ip);
        Assert.Equal(await File.ReadAllTextAsync("/proc/sys/kernel/hostname"), await pod.OutputOfAsync(pod.Script("hostname")));
    }

    [Fact]
    public async Task A_host_port_leads_to_the_pod_and_cannot_be_given_twice()
    {
        var port = LoopbackPorts.Next();
        var binding = new PortBinding("127.0.0.1", port, 8080, "TCP");
        var pod = await TestPod.StartAsync(engine, spec => spec with { Ports = [binding] });
        await pod.RunAsync(pod.Script("echo hello >/tmp/index.html; exec httpd -f -p 8080 -h /tmp"));
        using var http = new HttpClient();

        var answer = await Eventually.AsyncOf(async () =>
        {
            try
            {
                return await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"));
            }
            catch (HttpRequestException)
            {
                return null;
            }
        });
        var second = new TestPod(engine).Sandbox with { Ports = [binding] };
        var refused = await Assert.ThrowsAsync<RuntimeException>(() => Sandboxes.CreateAsync(second, CancellationToken.None));

        Assert.Equal("hello\n", answer);
        Assert.Equal(RuntimeError.PortInUse, refused.Error);
        Assert.DoesNotContain(await Sandboxes.ListAsync(CancellationToken.None), sandbox => sandbox.PodUid == second.PodUid);
    }

    [Fact]
    public async Task Sandboxes_join_and_leave_the_network_one_at_a_time()
    {
        await using var door = await EngineDoor.StartAsync();
        await using var runtime = engine.NewRuntime(door.Endpoint);
        await runtime.Sandboxes.EnsureNetworkAsync(engine.PodCidr, CancellationToken.None);

        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CreateAsync()));
        await Task.WhenAll(
            runtime.Sandboxes.StopAsync(made[0].Id, CancellationToken.None),
            runtime.Sandboxes.StopAsync(made[1].Id, CancellationToken.None),
            runtime.Sandboxes.RemoveAsync(made[2].Id, CancellationToken.None),
            runtime.Sandboxes.RemoveAsync(made[3].Id, CancellationToken.None),
            CreateAsync(),
            CreateAsync());

        // Two at once bring engines of version 20 to a standstill now and then.
        Assert.Equal((10, 1), (door.Calls, door.Most));

        Task<SandboxState> CreateAsync() => runtime.Sandboxes.CreateAsync(new TestPod(engine).Sandbox, CancellationToken.None);
    }

    [Fact]
    public async Task Limits_of_a_pod_hold_its_containers_together_and_can_be_changed()
    {
        var limits = new ContainerResources { CpuShares = 512, CpuQuota = 50_000, CpuPeriod = 100_000, MemoryBytes = 64 << 20 };
        var pod = await TestPod.StartAsync(engine, spec => spec with { Resources = limits });
        try
        {
            Assert.Equal(limits, pod.State.Resources);

            // Neither has a limit of its own.
            var greedy = await pod.EndOfAsync(await pod.RunAsync(pod.Script("dd if=/dev/zero of=/dev/null bs=128M count=1", "greedy")));
            Assert.NotEqual(0, greedy.ExitCode);
            Assert.Equal("done\n", await pod.OutputOfAsync(pod.Script("dd if=/dev/zero of=/dev/null bs=16M count=1 2>/dev/null; echo done", "modest")));

            var more = limits with { MemoryBytes = 256 << 20, CpuQuota = 0, CpuPeriod = 0 };
            await Sandboxes.UpdateAsync(pod.State.Id, more, CancellationToken.None);
            await using var restarted = engine.NewRuntime();
            Assert.Equal(more, (await restarted.Sandboxes.GetAsync(pod.State.Id, CancellationToken.None))!.Resources);
            Assert.Equal("done\n", await pod.OutputOfAsync(pod.Script("dd if=/dev/zero of=/dev/null bs=128M count=1 2>/dev/null && echo done", "later")));
        }
        finally
        {
            foreach (var container in await pod.Runtime.Containers.ListAsync(CancellationToken.None))
            {
                await pod.Runtime.Containers.RemoveAsync(container.Id, CancellationToken.None);
            }

            await Sandboxes.RemoveAsync(pod.State.Id, CancellationToken.None);
        }

        Assert.False(HasGroup(pod));
        await Assert.ThrowsAsync<RuntimeException>(() => Sandboxes.UpdateAsync(pod.State.Id, limits, CancellationToken.None));
    }

    [Fact]
    public async Task The_network_stays_as_it_is_while_sandboxes_use_it()
    {
        await TestPod.StartAsync(engine);
        await Sandboxes.EnsureNetworkAsync(engine.PodCidr, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<RuntimeException>(() => Sandboxes.EnsureNetworkAsync("10.99.99.0/24", CancellationToken.None));

        Assert.Contains(engine.PodCidr, refused.Message);
    }

    [Fact]
    public async Task A_group_that_was_left_behind_is_removed_by_the_next_process()
    {
        var (left, next) = (new TestPod(engine), new TestPod(engine));
        var groups = new PodGroups(engine.Engine);
        await groups.MakeAsync(left.Sandbox with { Resources = new ContainerResources { CpuShares = 2 } }, CancellationToken.None);
        Assert.True(HasGroup(left));

        var restarted = new PodGroups(engine.Engine);
        var made = await restarted.MakeAsync(next.Sandbox with { Resources = new ContainerResources { CpuShares = 2 } }, CancellationToken.None);

        Assert.Equal((false, true), (HasGroup(left), HasGroup(next)));
        await restarted.RemoveAsync(made, CancellationToken.None);
        Assert.False(HasGroup(next));
    }

    private static bool HasGroup(TestPod pod) =>
        Directory.EnumerateDirectories("/sys/fs/cgroup", $"*pod{pod.Uid.Replace('-', '?')}*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).Any();
}
