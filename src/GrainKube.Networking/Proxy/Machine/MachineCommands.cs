using System.ComponentModel;
using System.Diagnostics;

namespace GrainKube.Networking.Proxy.Machine;

/// <summary>Programs of this machine.</summary>
internal sealed class MachineCommands : IMachineCommands
{
    // Administrators' programs may not be on a service's path.
    private static readonly string[] Directories = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin"];

    public async Task<MachineResult> RunAsync(string program, IReadOnlyList<string> arguments, string input, CancellationToken cancel)
    {
        var path = Directories.Select(d => Path.Combine(d, program)).FirstOrDefault(File.Exists) ?? program;
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(path, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return new MachineResult(MachineResult.Missing, "", $"{program} is not installed");
        }

        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await WriteAsync(process, input);
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        return new MachineResult(process.ExitCode, await output, await error);
    }

    private static async Task WriteAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code tells why.
        }
    }
}
