using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace GrainKube.Server;

/// <summary>
/// The parent of a silo in a cluster of several. A silo that the others declared dead by mistake ends itself; the parent starts it again, and its pods are adopted untouched.
/// </summary>
internal static class Supervisor
{
    /// <summary>Exit code of a child that could not start for a reason that passes.</summary>
    public const int TryAgain = 3;

    private const string Mark = "GRAINKUBE_SUPERVISED";
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    // Who lived that long was up: when it ends, that is no mistake in its command line.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    /// <summary>This process is the child.</summary>
    public static bool IsSupervised => Environment.GetEnvironmentVariable(Mark) is not null;

    /// <summary>Called by the child: when the parent is killed, so is the child, for nobody would stop it or start it again.</summary>
    public static void DieWithParent()
    {
        const int setParentDeathSignal = 1;
        const int sigkill = 9;
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _ = ProcessControl(setParentDeathSignal, sigkill, 0, 0, 0);
        if (ParentId().ToString(CultureInfo.InvariantCulture) != Environment.GetEnvironmentVariable(Mark))
        {
            Environment.Exit(1); // The parent was killed before the line above.
        }
    }

    /// <returns>The child's exit code, once it ended in order, could not start, or was asked to stop.</returns>
    public static Task<int> RunAsync(string[] args)
    {
        // Linux ties the signal of a parent's death to the thread that made the child: that thread must live as long as the child, which no thread of the pool promises.
        var ended = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => ended.SetResult(Run(args))) { Name = "supervisor" }.Start();
        return ended.Task;
    }

    private static int Run(string[] args)
    {
        var gate = new Lock();
        Process? child = null;
        using var stopping = new ManualResetEventSlim();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Forward);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Forward);
        var settled = false;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var started = TimeProvider.System.GetTimestamp();
            int code;
            using (var mine = Start(args))
            {
                lock (gate)
                {
                    child = mine;
                    if (stopping.IsSet)
                    {
                        _ = Kill(mine.Id, 15);
                    }
                }

                mine.WaitForExit();
                code = mine.ExitCode;
                lock (gate)
                {
                    child = null;
                }
            }

            if (TimeProvider.System.GetElapsedTime(started) > Settled)
            {
                (settled, pause) = (true, FirstPause);
            }

            if (stopping.IsSet || code == 0 || (code is 1 or 2 && !settled))
            {
                return code;
            }

            Console.Error.WriteLine($"grainkube: the server ended with code {code} and is started again");
            if (stopping.Wait(pause))
            {
                return 0;
            }
        }

        void Forward(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Set();
            lock (gate)
            {
                if (child is { HasExited: false })
                {
                    _ = Kill(child.Id, context.Signal == PosixSignal.SIGINT ? 2 : 15);
                }
            }
        }
    }

    private static Process Start(string[] args)
    {
        // Where it was started as "dotnet grainkube.dll", the program is an argument.
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        var start = new ProcessStartInfo(program, isHost ? [Environment.GetCommandLineArgs()[0], .. args] : args);
        start.Environment[Mark] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return Process.Start(start)!;
    }

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int ProcessControl(int option, nuint argument, nuint third, nuint fourth, nuint fifth);

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int ParentId();

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);
}
