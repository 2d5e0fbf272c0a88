using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GrainKube.Server;

/// <summary>
/// The parent of a silo in a cluster of several. A silo that the others declared dead by mistake ends itself; the parent starts it again, and its pods are adopted untouched.
/// </summary>
internal static class Supervisor
{
    private const string Mark = "GRAINKUBE_SUPERVISED";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>This process is the child.</summary>
    public static bool IsSupervised => Environment.GetEnvironmentVariable(Mark) is not null;

    /// <summary>Called by the child: when the parent is killed, so is the child, for nobody would stop it or start it again.</summary>
    public static void DieWithParent()
    {
        const int setParentDeathSignal = 1;
        const int sigkill = 9;
        if (OperatingSystem.IsLinux())
        {
            _ = ProcessControl(setParentDeathSignal, sigkill, 0, 0, 0);
        }
    }

    /// <returns>The child's exit code, once it ended in order, could not start, or was asked to stop.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        Process? child = null;
        var stopping = false;
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Forward);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Forward);
        while (true)
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!, args);
            start.Environment[Mark] = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
            using (child = Process.Start(start)!)
            {
                await child.WaitForExitAsync();
                if (stopping || child.ExitCode is 0 or 1 or 2)
                {
                    return child.ExitCode;
                }

                await Console.Error.WriteLineAsync($"grainkube: the server ended with code {child.ExitCode} and is started again");
            }

            await Task.Delay(Pause, TimeProvider.System);
        }

        void Forward(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping = true;
            if (child is { HasExited: false })
            {
                _ = Kill(child.Id, context.Signal == PosixSignal.SIGINT ? 2 : 15);
            }
        }
    }

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int ProcessControl(int option, nuint argument, nuint third, nuint fourth, nuint fifth);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);
}
