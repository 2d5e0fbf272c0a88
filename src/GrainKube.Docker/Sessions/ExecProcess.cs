using System.Runtime.InteropServices;
using Docker.DotNet;
using Docker.DotNet.Models;
using GrainKube.Docker.Engine;
using GrainKube.Docker.Usage;

namespace GrainKube.Docker.Sessions;

/// <summary>A command that was started in a container, by the engine's id of it.</summary>
internal sealed class ExecProcess(DockerEngine engine, string id, string containerId)
{
    private const int Kill = 9;
    private const int KillAttempts = 100;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    private readonly ControlGroups controlGroups = new();

    public Task<MultiplexedStream> StartAsync(ContainerExecStartParameters parameters, CancellationToken cancel) =>
        engine.CallAsync(docker => docker.Exec.StartWithConfigContainerExecAsync(id, parameters, cancel), cancel);

    public Task ResizeAsync(ushort width, ushort height, CancellationToken cancel) => engine.CallAsync(
        docker => docker.Exec.ResizeContainerExecTtyAsync(id, new ContainerResizeParameters { Width = width, Height = height }, cancel), cancel);

    /// <summary>Waits for its end. The engine tells the code a moment after the output has ended.</summary>
    public async Task<int> WaitAsync(CancellationToken cancel)
    {
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : pause)
        {
            var state = await InspectAsync(cancel);
            if (!state.Running)
            {
                return (int)state.ExitCode;
            }

            await Task.Delay(pause, engine.Time, cancel);
        }
    }

    /// <summary>Kills the command and what it started, if it still runs. The engine has no call for it, so this goes by the process' number on the host.</summary>
    public async Task KillAsync(CancellationToken cancel)
    {
        // A command that has just begun may have no number yet, so the engine is asked until it says that the command has ended.
        for (var attempt = 0; attempt < KillAttempts; attempt++)
        {
            var state = await engine.FindAsync(docker => docker.Exec.InspectContainerExecAsync(id, cancel), cancel);
            if (state is not { Running: true })
            {
                return;
            }

            if (state.Pid > 0 && controlGroups.IsIn((int)state.Pid, containerId) && SendSignal(-(int)state.Pid, Kill) != 0)
            {
                // Not the leader of a group of its own.
                _ = SendSignal((int)state.Pid, Kill);
            }

            await Task.Delay(FirstPause * 4, engine.Time, cancel);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);

    private Task<ContainerExecInspectResponse> InspectAsync(CancellationToken cancel) =>
        engine.CallAsync(docker => docker.Exec.InspectContainerExecAsync(id, cancel), cancel);
}
