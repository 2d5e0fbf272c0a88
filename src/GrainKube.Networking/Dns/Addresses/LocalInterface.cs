using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace GrainKube.Networking.Dns.Addresses;

/// <summary>
/// An interface without a cable that makes addresses local to this machine: pods and host processes reach them without any rule of a packet filter. It outlives the process, and is
/// taken over by the next.
/// </summary>
internal sealed class LocalInterface(string name)
{
    private const string Prefix = "gkdns-";

    /// <summary>The name that a node's interface has: at most 15 characters, the same for the same node.</summary>
    public static string NameFor(string node) =>
        Prefix.Length + node.Length <= 15 ? Prefix + node : Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(node)))[..9];

    /// <summary>Makes the interface where it is missing, and its addresses exactly these.</summary>
    /// <exception cref="IOException">The machine does not let us.</exception>
    public async Task EnsureAsync(IReadOnlyList<IPAddress> addresses, CancellationToken cancel)
    {
        if (!Directory.Exists("/sys/class/net/" + name) && await RunAsync(["link", "add", name, "type", "dummy"], cancel) is { Length: > 0 }
            && await RunAsync(["link", "add", name, "type", "bridge"], cancel) is { Length: > 0 } refusal) // a bridge without ports does as well, where the kernel has no dummy
        {
            throw new IOException($"cannot make the interface {name}: {refusal}");
        }

        // Addresses of a former life with another service range.
        await MustAsync(["addr", "flush", "dev", name], cancel);
        foreach (var address in addresses)
        {
            await MustAsync(["addr", "add", $"{address}/{(address.GetAddressBytes().Length == 4 ? 32 : 128)}", "dev", name], cancel);
        }

        await MustAsync(["link", "set", name, "up"], cancel);
    }

    /// <summary>Takes the interface away; one that is not there is no error.</summary>
    public Task RemoveAsync(CancellationToken cancel) => RunAsync(["link", "del", name], cancel);

    private static async Task MustAsync(string[] arguments, CancellationToken cancel)
    {
        if (await RunAsync(arguments, cancel) is { Length: > 0 } refusal)
        {
            throw new IOException($"ip {string.Join(' ', arguments)}: {refusal}");
        }
    }

    /// <returns>Empty where it went well.</returns>
    private static async Task<string> RunAsync(string[] arguments, CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var errors = await process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0 ? "" : errors.Trim().Length > 0 ? errors.Trim() : $"exit code {process.ExitCode}";
        }
        catch (Win32Exception missing)
        {
            throw new IOException($"the tool 'ip' cannot be run: {missing.Message}", missing);
        }
    }
}
