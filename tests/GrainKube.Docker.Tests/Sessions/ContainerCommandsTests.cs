using System.Text;
using GrainKube.Docker.Tests.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Tests.Sessions;

public sealed class ContainerCommandsTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private IContainers Containers => engine.Runtime.Containers;

    [Fact]
    public async Task A_command_gives_its_code_and_output()
    {
        var id = await SleeperAsync();

        var result = await Containers.ExecAsync(id, ["sh", "-c", "echo out; echo err >&2; exit 4"], Long, CancellationToken.None);

        Assert.Equal((4, false), (result.ExitCode, result.TimedOut));
        Assert.Equal(["err", "out"], Encoding.UTF8.GetString(result.Output).Trim().Split('\n').Order());
    }

    [Fact]
    public async Task Output_is_cut_but_the_command_runs_to_its_end()
    {
        var id = await SleeperAsync();

        var result = await Containers.ExecAsync(id, ["sh", "-c", "head -c 300000 /dev/zero; exit 5"], Long, CancellationToken.None);

        Assert.Equal((5, 16 * 1024), (result.ExitCode, result.Output.Length));
    }

    [Fact]
    public async Task A_command_that_does_not_exist_fails_with_the_engines_words()
    {
        var id = await SleeperAsync();

        var result = await Containers.ExecAsync(id, ["nosuch"], Long, CancellationToken.None);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("executable file not found", Encoding.UTF8.GetString(result.Output));
    }

    [Fact]
    public async Task A_timeout_kills_the_command_and_what_it_started()
    {
        var id = await SleeperAsync();

        var result = await Containers.ExecAsync(id, ["sh", "-c", "echo begun; sleep 4321 & sleep 4322"], TimeSpan.FromSeconds(8), CancellationToken.None);

        Assert.True(result.TimedOut);
        Assert.Equal("begun\n", Encoding.UTF8.GetString(result.Output));
        await Eventually.TrueAsync(async () => !(await ProcessesAsync(id)).Contains("sleep 432"));
    }

    [Fact]
    public async Task A_command_in_a_container_that_ended_is_an_error()
    {
        var id = await SleeperAsync();
        await Containers.StopAsync(id, TimeSpan.Zero, CancellationToken.None);

        await Assert.ThrowsAsync<RuntimeException>(() => Containers.ExecAsync(id, ["true"], Long, CancellationToken.None));
    }

    [Fact]
    public async Task A_session_carries_input_half_close_both_outputs_and_the_code()
    {
        var id = await SleeperAsync();
        await using var session = await Containers.OpenExecAsync(
            id, new ExecOptions(["sh", "-c", "cat; echo err >&2; exit 6"], Stdin: true, Stdout: true, Stderr: true, Tty: false), CancellationToken.None);
        var input = new byte[1 << 20];
        Random.Shared.NextBytes(input);

        var output = ReadAllAsync(session);
        for (var at = 0; at < input.Length; at += 1 << 16)
        {
            await session.WriteAsync(input.AsMemory(at, 1 << 16), CancellationToken.None);
        }

        await session.CloseInputAsync(CancellationToken.None);
        var (stdout, stderr) = await output;

        Assert.Equal(input, stdout);
        Assert.Equal("err\n", Encoding.UTF8.GetString(stderr));
        Assert.Equal(6, await session.GetExitCodeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_terminal_has_its_size_and_ends_with_its_input()
    {
        var id = await SleeperAsync();
        await using var session = await Containers.OpenExecAsync(
            id, new ExecOptions(["sh", "-c", "while read -r line; do stty size; done; exit 7"], Stdin: true, Stdout: true, Stderr: false, Tty: true), CancellationToken.None);
        await session.ResizeAsync(132, 43, CancellationToken.None);

        await session.WriteAsync("\n"u8.ToArray(), CancellationToken.None);
        await session.CloseInputAsync(CancellationToken.None);
        var (stdout, stderr) = await ReadAllAsync(session);

        Assert.Contains("43 132\r\n", Encoding.UTF8.GetString(stdout));
        Assert.Empty(stderr);
        Assert.Equal(7, await session.GetExitCodeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Disposing_a_session_kills_its_command()
    {
        var id = await SleeperAsync();
        var session = await Containers.OpenExecAsync(
            id, new ExecOptions(["sh", "-c", "echo up; sleep 5432; true"], Stdin: false, Stdout: true, Stderr: true, Tty: false), CancellationToken.None);
        Assert.Equal("up\n", Encoding.UTF8.GetString((await session.ReadAsync(CancellationToken.None))!.Data));

        await session.DisposeAsync();

        await Eventually.TrueAsync(async () => !(await ProcessesAsync(id)).Contains("5432"));
    }

    [Fact]
    public async Task A_read_can_be_given_up()
    {
        var id = await SleeperAsync();
        await using var session = await Containers.OpenExecAsync(id, new ExecOptions(["sleep", "1000"], false, true, true, false), CancellationToken.None);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await session.ReadAsync(stop.Token));
    }

    [Fact]
    public async Task Attaching_reaches_the_main_process_and_leaves_it_running()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("while read -r line; do echo got $line; done; sleep 1000") with { Stdin = true });
        var options = new ExecOptions([], Stdin: true, Stdout: true, Stderr: true, Tty: false);

        await using (var session = await Containers.AttachAsync(id, options, CancellationToken.None))
        {
            await session.WriteAsync("this\n"u8.ToArray(), CancellationToken.None);
            Assert.Equal("got this\n", Encoding.UTF8.GetString((await session.ReadAsync(CancellationToken.None))!.Data));
            Assert.Null(await session.GetExitCodeAsync(CancellationToken.None));
        }

        Assert.Equal(ContainerPhase.Running, (await Containers.GetAsync(id, CancellationToken.None))!.Phase);
    }

    [Fact]
    public async Task Attaching_to_what_has_ended_fails_rather_than_waits()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("exit 7") with { Stdin = true, StdinOnce = true });
        await pod.EndOfAsync(id);

        var error = await Assert.ThrowsAsync<RuntimeException>(() => Containers.AttachAsync(id, new ExecOptions([], true, true, true, false), CancellationToken.None));

        Assert.Equal($"container not running ({id})", error.Message);
    }

    [Fact]
    public async Task Attaching_to_a_terminal_can_resize_it()
    {
        var pod = await TestPod.StartAsync(engine);
        var id = await pod.RunAsync(pod.Script("read -r line; stty size; exit 0") with { Stdin = true, Tty = true });
        await using var session = await Containers.AttachAsync(id, new ExecOptions([], true, true, false, true), CancellationToken.None);

        await session.ResizeAsync(101, 37, CancellationToken.None);
        await session.WriteAsync("\n"u8.ToArray(), CancellationToken.None);

        Assert.Contains("37 101\r\n", Encoding.UTF8.GetString((await ReadAllAsync(session)).Stdout));
    }

    [Fact]
    public async Task Nothing_is_left_open_by_many_commands_sessions_and_logs()
    {
        var id = await SleeperAsync();
        await OnceAsync(id);
        var before = OpenSockets();

        for (var count = 0; count < 20; count++)
        {
            await OnceAsync(id);
        }

        // Other tests of this process open and close theirs at the same time: far fewer than twenty rounds would leave.
        await Eventually.TrueAsync(() => Task.FromResult(OpenSockets() < before + 20));

        async Task OnceAsync(string container)
        {
            await Containers.ExecAsync(container, ["true"], Long, CancellationToken.None);
            await Containers.ExecAsync(container, ["sleep", "1000"], TimeSpan.FromMilliseconds(50), CancellationToken.None);
            await using var session = await Containers.OpenExecAsync(container, new ExecOptions(["cat"], true, true, true, false), CancellationToken.None);
            await foreach (var _ in Containers.ReadLogAsync(container, new LogQuery(), CancellationToken.None))
            {
                break;
            }
        }
    }

    private static int OpenSockets() =>
        Directory.GetFiles($"/proc/{Environment.ProcessId}/fd").Count(file => ProcLink.TargetOf(file).StartsWith("socket:", StringComparison.Ordinal));

    private static async Task<(byte[] Stdout, byte[] Stderr)> ReadAllAsync(IContainerSession session)
    {
        using MemoryStream stdout = new(), stderr = new();
        while (await session.ReadAsync(CancellationToken.None) is { } piece)
        {
            (piece.IsStderr ? stderr : stdout).Write(piece.Data);
        }

        return (stdout.ToArray(), stderr.ToArray());
    }

    private async Task<string> SleeperAsync()
    {
        var pod = await TestPod.StartAsync(engine);
        return await pod.RunAsync(pod.Script("echo up; while true; do sleep 1000; done"));
    }

    private async Task<string> ProcessesAsync(string id) =>
        Encoding.UTF8.GetString((await Containers.ExecAsync(id, ["ps"], Long, CancellationToken.None)).Output);
}
