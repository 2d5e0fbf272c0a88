using System.Net;
using System.Text;
using GrainKube.Kubelet.Runtime;
using Xunit;

namespace GrainKube.Testing.Runtimes;

/// <summary>What every <see cref="IContainerRuntime"/> keeps to. A runtime's tests inherit it and say how to make one.</summary>
public abstract class ContainerRuntimeConformance : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly List<string> sandboxes = [];

    /// <summary>The runtime under test; it may be shared between tests.</summary>
    protected abstract IContainerRuntime Runtime { get; }

    /// <summary>Range of the pod network.</summary>
    protected abstract string PodCidr { get; }

    /// <summary>An image that is present and has <c>/bin/sh</c> where the runtime runs commands at all.</summary>
    protected abstract string Image { get; }

    /// <summary>An image that is neither present nor to be had.</summary>
    protected virtual string AbsentImage => "registry.invalid/absent:1";

    private string PodUid { get; } = Guid.NewGuid().ToString();

    private static CancellationToken None => CancellationToken.None;

    public virtual Task InitializeAsync() => Runtime.Sandboxes.EnsureNetworkAsync(PodCidr, None);

    public virtual async Task DisposeAsync()
    {
        foreach (var container in await Runtime.Containers.ListAsync(None))
        {
            if (sandboxes.Contains(container.SandboxId))
            {
                await Runtime.Containers.RemoveAsync(container.Id, None);
            }
        }

        foreach (var sandbox in sandboxes)
        {
            await Runtime.Sandboxes.RemoveAsync(sandbox, None);
        }
    }

    [Fact]
    public async Task The_engine_tells_its_name()
    {
        var info = await Runtime.GetInfoAsync(None);
        Assert.Matches("^[a-z]+$", info.Name);
        Assert.NotEmpty(info.Version);
        Assert.Contains(info.Architecture, (string[])["amd64", "arm64"]);
    }

    [Fact]
    public async Task A_sandbox_runs_and_has_an_address_of_the_range()
    {
        var sandbox = await NewSandboxAsync();
        Assert.True(sandbox.Running);
        Assert.True(IPNetwork.Parse(PodCidr).Contains(IPAddress.Parse(sandbox.Ip)));
        Assert.Equal(PodUid, sandbox.PodUid);
        var read = await Runtime.Sandboxes.GetAsync(sandbox.Id, None);
        Assert.Equal((sandbox.Ip, sandbox.Attempt, true), (read!.Ip, read.Attempt, read.Running));
        Assert.Contains(await Runtime.Sandboxes.ListAsync(None), s => s.Id == sandbox.Id && s.Ip == sandbox.Ip);
    }

    [Fact]
    public async Task Creating_a_sandbox_again_returns_the_one_there_is()
    {
        var first = await NewSandboxAsync();
        Assert.Equal(first.Id, (await NewSandboxAsync()).Id);
    }

    [Fact]
    public async Task Sandboxes_have_addresses_of_their_own()
    {
        var first = await NewSandboxAsync();
        var second = await NewSandboxAsync(Guid.NewGuid().ToString());
        Assert.NotEqual(first.Ip, second.Ip);
    }

    [Fact]
    public async Task A_stopped_sandbox_does_not_run_and_a_removed_one_is_gone()
    {
        var sandbox = await NewSandboxAsync();
        await Runtime.Sandboxes.StopAsync(sandbox.Id, None);
        Assert.False((await Runtime.Sandboxes.GetAsync(sandbox.Id, None))!.Running);
        await Runtime.Sandboxes.StopAsync(sandbox.Id, None);
        await Runtime.Sandboxes.RemoveAsync(sandbox.Id, None);
        Assert.Null(await Runtime.Sandboxes.GetAsync(sandbox.Id, None));
        await Runtime.Sandboxes.RemoveAsync(sandbox.Id, None);
    }

    [Fact]
    public async Task A_created_container_does_not_run_yet_and_tells_what_it_was_given()
    {
        var spec = await SpecAsync() with { Attempt = 3, Labels = new Dictionary<string, string> { ["example.com/a"] = "b" } };
        var id = await Runtime.Containers.CreateAsync(spec, None);
        var state = (await Runtime.Containers.GetAsync(id, None))!;
        Assert.Equal(ContainerPhase.Created, state.Phase);
        Assert.Equal((spec.PodUid, spec.Namespace, spec.PodName, spec.Name, 3, spec.SandboxId), (state.PodUid, state.Namespace, state.PodName, state.Name, state.Attempt, state.SandboxId));
        Assert.Equal((Image, spec.ImageId), (state.Image, state.ImageId));
        Assert.Equal("b", state.Labels["example.com/a"]);
        Assert.Null(state.StartedAt);
    }

    [Fact]
    public async Task Creating_a_container_again_returns_the_one_there_is()
    {
        var spec = await SpecAsync();
        Assert.Equal(await Runtime.Containers.CreateAsync(spec, None), await Runtime.Containers.CreateAsync(spec, None));
        Assert.Single(await Runtime.Containers.ListAsync(None), c => c.PodUid == PodUid);
    }

    [Fact]
    public async Task A_listing_shows_at_any_time_what_is_so()
    {
        var id = await Runtime.Containers.CreateAsync(await SpecAsync(), None);
        Assert.Equal(ContainerPhase.Created, await ListedAsync());
        await Runtime.Containers.StartAsync(id, None);
        Assert.Equal(ContainerPhase.Running, await ListedAsync());
        await Runtime.Containers.StopAsync(id, TimeSpan.Zero, None);
        Assert.Equal(ContainerPhase.Exited, await ListedAsync());
        Assert.Contains((await Runtime.ListAsync(None)).Sandboxes, s => s.PodUid == PodUid && s.Running);
        await Runtime.Containers.RemoveAsync(id, None);
        Assert.Null(await ListedAsync());

        async Task<ContainerPhase?> ListedAsync() => (await Runtime.ListAsync(None)).Containers.SingleOrDefault(c => c.Id == id)?.Phase;
    }

    [Fact]
    public async Task The_image_of_a_container_is_in_use()
    {
        var spec = await SpecAsync();
        await Runtime.Containers.CreateAsync(spec, None);
        Assert.Contains(spec.ImageId, await Runtime.Images.InUseAsync(None));
    }

    [Fact]
    public async Task A_started_container_runs_until_it_is_stopped()
    {
        var id = await RunAsync();
        await Runtime.Containers.StartAsync(id, None);
        var running = (await Runtime.Containers.GetAsync(id, None))!;
        Assert.Equal(ContainerPhase.Running, running.Phase);
        Assert.NotNull(running.StartedAt);
        Assert.Null(running.FinishedAt);

        await Runtime.Containers.StopAsync(id, TimeSpan.FromSeconds(10), None);
        var ended = (await Runtime.Containers.GetAsync(id, None))!;
        Assert.Equal(ContainerPhase.Exited, ended.Phase);
        Assert.NotNull(ended.FinishedAt);
        await Runtime.Containers.StopAsync(id, TimeSpan.FromSeconds(1), None);
    }

    [Fact]
    public async Task What_runs_is_known_at_a_glance()
    {
        var spec = await SpecAsync();
        var id = await Runtime.Containers.CreateAsync(spec, None);
        Assert.Contains(spec.SandboxId, await Runtime.RunningAsync(None));
        Assert.DoesNotContain(id, await Runtime.RunningAsync(None));

        await Runtime.Containers.StartAsync(id, None);
        Assert.Contains(id, await Runtime.RunningAsync(None));

        await Runtime.Containers.StopAsync(id, TimeSpan.Zero, None);
        Assert.DoesNotContain(id, await Runtime.RunningAsync(None));
    }

    [Fact]
    public async Task A_removed_container_is_gone_even_if_it_ran()
    {
        var id = await RunAsync();
        await Runtime.Containers.RemoveAsync(id, None);
        Assert.Null(await Runtime.Containers.GetAsync(id, None));
        Assert.DoesNotContain(await Runtime.Containers.ListAsync(None), c => c.Id == id);
        await Runtime.Containers.RemoveAsync(id, None);
        await Runtime.Containers.StopAsync(id, TimeSpan.FromSeconds(1), None);
    }

    [Fact]
    public async Task What_is_not_there_is_null_and_cannot_be_started()
    {
        Assert.Null(await Runtime.Containers.GetAsync("feedfacecafe", None));
        Assert.Null(await Runtime.Sandboxes.GetAsync("feedfacecafe", None));
        await Assert.ThrowsAsync<RuntimeException>(() => Runtime.Containers.StartAsync("feedfacecafe", None));
    }

    [Fact]
    public async Task Starts_and_ends_are_told_with_the_pods_uid()
    {
        using var stop = new CancellationTokenSource(Patience);
        var seen = new List<RuntimeEvent>();
        await using var events = Runtime.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = events.MoveNextAsync();
        var id = await RunAsync();
        await Runtime.Containers.StopAsync(id, TimeSpan.FromSeconds(10), None);
        while (!seen.Any(e => e.Kind == RuntimeEventKind.Died && e.ContainerId == id))
        {
            Assert.True(await next);
            seen.Add(events.Current);
            next = events.MoveNextAsync();
        }

        var ours = seen.Where(e => e.ContainerId == id).ToList();
        Assert.Equal([RuntimeEventKind.Started, RuntimeEventKind.Died], ours.Select(e => e.Kind));
        Assert.All(ours, e => Assert.Equal(PodUid, e.PodUid));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await next)
            {
                next = events.MoveNextAsync();
            }
        });
    }

    [Fact]
    public async Task A_present_image_is_known_by_its_reference()
    {
        var image = await Runtime.Images.GetAsync(Image, None);
        Assert.NotNull(image);
        Assert.StartsWith("sha256:", image.Id);
        Assert.Contains(await Runtime.Images.ListAsync(None), i => i.Id == image.Id);
    }

    [Fact]
    public async Task An_absent_image_is_null_and_an_error_when_pulled()
    {
        Assert.Null(await Runtime.Images.GetAsync(AbsentImage, None));
        var failed = await Assert.ThrowsAsync<RuntimeException>(() => Runtime.Images.PullAsync(AbsentImage, null, None));
        Assert.Equal(RuntimeError.ImagePull, failed.Error);
        Assert.NotEmpty(failed.Message);
    }

    [Fact]
    public async Task A_command_runs_in_a_running_container_only()
    {
        var id = await RunAsync();
        Assert.Equal(0, (await Runtime.Containers.ExecAsync(id, ["/bin/true"], Patience, None)).ExitCode);
        await Runtime.Containers.StopAsync(id, TimeSpan.FromSeconds(10), None);
        await Assert.ThrowsAsync<RuntimeException>(() => Runtime.Containers.ExecAsync(id, ["/bin/true"], Patience, None));
    }

    [Fact]
    public async Task A_session_carries_input_and_output_and_the_exit_code()
    {
        var id = await RunAsync();
        await using var session = await Runtime.Containers.OpenExecAsync(id, new ExecOptions(["/bin/cat"], Stdin: true, Stdout: true, Stderr: true, Tty: false), None);
        await session.WriteAsync("hello\n"u8.ToArray(), None);
        await session.CloseInputAsync(None);
        using var text = new MemoryStream();
        while (await session.ReadAsync(None) is { } piece)
        {
            Assert.False(piece.IsStderr);
            text.Write(piece.Data);
        }

        Assert.Equal("hello\n", Encoding.UTF8.GetString(text.ToArray()));
        Assert.Equal(0, await session.GetExitCodeAsync(None));
    }

    [Fact]
    public async Task Following_a_log_ends_with_the_container()
    {
        var id = await RunAsync();
        var follow = Task.Run(async () =>
        {
            await foreach (var line in Runtime.Containers.ReadLogAsync(id, new LogQuery(Follow: true), None))
            {
                Assert.True(line.Text.Length > 0);
            }
        });
        await Runtime.Containers.StopAsync(id, TimeSpan.FromSeconds(10), None);
        await follow.WaitAsync(Patience);
    }

    [Fact]
    public async Task Usage_is_known_while_a_container_runs()
    {
        var id = await RunAsync();
        Assert.NotNull(await Runtime.Containers.GetUsageAsync(id, None));
        await Runtime.Containers.StopAsync(id, TimeSpan.FromSeconds(10), None);
        Assert.Null(await Runtime.Containers.GetUsageAsync(id, None));
    }

    private async Task<SandboxState> NewSandboxAsync(string? uid = null)
    {
        var made = await Runtime.Sandboxes.CreateAsync(
            new SandboxSpec { PodUid = uid ?? PodUid, Namespace = "default", PodName = "conformance", Hostname = "conformance" }, None);
        sandboxes.Add(made.Id);
        return made;
    }

    private async Task<ContainerSpec> SpecAsync() => new()
    {
        SandboxId = (await NewSandboxAsync()).Id,
        PodUid = PodUid,
        Namespace = "default",
        PodName = "conformance",
        Name = "main",
        Attempt = 0,
        ImageId = (await Runtime.Images.GetAsync(Image, None))!.Id,
        Image = Image,
        Command = ["/bin/sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"],
    };

    private async Task<string> RunAsync()
    {
        var id = await Runtime.Containers.CreateAsync(await SpecAsync(), None);
        await Runtime.Containers.StartAsync(id, None);
        return id;
    }
}
