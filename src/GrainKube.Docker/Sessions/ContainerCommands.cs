using Docker.DotNet.Models;
using GrainKube.Docker.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Sessions;

/// <summary>Runs commands in containers and attaches to their main processes.</summary>
internal sealed class ContainerCommands(DockerEngine engine)
{
    private const int OutputLimit = 16 * 1024;

    // A client leaves by closing its connection. The engine's own ctrl-p, ctrl-q would swallow what the user types.
    private const string NoDetach = "ctrl-^,ctrl-^,ctrl-^,ctrl-^,ctrl-^,ctrl-^";

    public async Task<ExecResult> RunAsync(string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel)
    {
        var process = await CreateAsync(containerId, new ExecOptions(command, Stdin: false, Stdout: true, Stderr: true, Tty: false), cancel);
        using var timer = new CancellationTokenSource(timeout, engine.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timer.Token);
        using var output = new MemoryStream();
        try
        {
            using var stream = await process.StartAsync(new ContainerExecStartParameters { AttachStdout = true, AttachStderr = true }, either.Token);
            var buffer = new byte[OutputLimit];
            while (await engine.CallAsync(_ => stream.ReadOutputAsync(buffer, 0, buffer.Length, either.Token), either.Token) is { EOF: false, Count: var count })
            {
                // What is over the limit is still read, or the command would stand still.
                output.Write(buffer, 0, (int)Math.Min(count, OutputLimit - output.Length));
            }

            return new ExecResult(await process.WaitAsync(either.Token), output.ToArray(), TimedOut: false);
        }
        catch (OperationCanceledException)
        {
            await process.KillAsync(CancellationToken.None);
            cancel.ThrowIfCancellationRequested();
            return new ExecResult(-1, output.ToArray(), TimedOut: true);
        }
    }

    public async Task<IContainerSession> OpenAsync(string containerId, ExecOptions options, CancellationToken cancel)
    {
        var process = await CreateAsync(containerId, options, cancel);
        var stream = await process.StartAsync(
            new ContainerExecStartParameters { AttachStdin = options.Stdin, AttachStdout = options.Stdout, AttachStderr = options.Stderr, Tty = options.Tty }, cancel);
        return new ContainerSession(engine, stream, options.Tty, new ExecTarget(engine, process));
    }

    public async Task<IContainerSession> AttachAsync(string containerId, ExecOptions options, CancellationToken cancel)
    {
        var container = await engine.InspectAsync(containerId, cancel)
            ?? throw new RuntimeException(RuntimeError.NotFound, $"The container {containerId} is not there.");
        var parameters = new ContainerAttachParameters
        {
            Stream = true, Stdin = options.Stdin, Stdout = options.Stdout, Stderr = options.Stderr, DetachKeys = NoDetach,
        };
        var tty = container.Config.Tty;
        var stream = await engine.CallAsync(docker => docker.Containers.AttachContainerAsync(containerId, tty, parameters, cancel), cancel);
        var session = new ContainerSession(engine, stream, tty, new AttachTarget(engine, containerId));

        // To what has ended the engine attaches as well, and waits for a next start that never comes. Only a container that runs after the attachment is sure to end it.
        if (await engine.InspectAsync(containerId, cancel) is not { State.Running: true })
        {
            await session.DisposeAsync();
            throw new RuntimeException(RuntimeError.NotFound, $"container not running ({containerId})");
        }

        return session;
    }

    private async Task<ExecProcess> CreateAsync(string containerId, ExecOptions options, CancellationToken cancel)
    {
        var parameters = new ContainerExecCreateParameters
        {
            Cmd = [.. options.Command],
            AttachStdin = options.Stdin,
            AttachStdout = options.Stdout,
            AttachStderr = options.Stderr,
            Tty = options.Tty,
            DetachKeys = NoDetach,
        };
        var created = await engine.CallAsync(docker => docker.Exec.ExecCreateContainerAsync(containerId, parameters, cancel), cancel);
        return new ExecProcess(engine, created.ID, containerId);
    }
}
