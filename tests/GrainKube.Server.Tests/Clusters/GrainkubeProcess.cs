using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace GrainKube.Server.Tests.Clusters;

/// <summary>The real executable, in a process of its own.</summary>
internal sealed class GrainkubeProcess : IAsyncDisposable
{
    private const int SignalTerminate = 15;
    private readonly Process process;
    private readonly StringBuilder log = new();

    private GrainkubeProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The executable that was built with this project.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "grainkube");

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    public static GrainkubeProcess Start(params IEnumerable<string> arguments) => new(Command.Start(Path, arguments));

    public static GrainkubeProcess Start(IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments) => new(Command.Start(Path, arguments, environment));

    /// <summary>Asks it to end (SIGTERM) and waits for it.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> StopAsync()
    {
        var clock = Stopwatch.StartNew();
        if (!process.HasExited)
        {
            _ = Signal(process.Id, SignalTerminate);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
                throw new TimeoutException($"grainkube did not end within 30 s of SIGTERM:\n{Log}");
            }
        }

        return clock.Elapsed;
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    public async Task KillAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private void Write(string? line)
    {
        lock (log)
        {
            log.AppendLine(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int pid, int signal);
}
