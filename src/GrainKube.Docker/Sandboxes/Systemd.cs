using System.ComponentModel;
using System.Diagnostics;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Sandboxes;

/// <summary>systemd's own program, for the groups that are systemd's.</summary>
internal static class Systemd
{
    /// <exception cref="RuntimeException">It is not there, or refuses.</exception>
    public static async Task RunAsync(string[] arguments, CancellationToken cancel)
    {
        try
        {
            using var program = Process.Start(new ProcessStartInfo("systemctl", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })
                ?? throw new Win32Exception("systemctl was not started");
            var output = program.StandardOutput.ReadToEndAsync(cancel);
            var error = await program.StandardError.ReadToEndAsync(cancel);
            await output;
            await program.WaitForExitAsync(cancel);
            if (program.ExitCode != 0)
            {
                throw new RuntimeException(RuntimeError.Other, $"systemctl {arguments[0]}: {error.Trim()}");
            }
        }
        catch (Win32Exception missing)
        {
            throw new RuntimeException(RuntimeError.Other, $"systemctl {arguments[0]}: {missing.Message}", missing);
        }
    }
}
