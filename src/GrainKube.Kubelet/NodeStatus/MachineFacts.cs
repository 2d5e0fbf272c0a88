using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace GrainKube.Kubelet.NodeStatus;

/// <summary>What the machine is, from <c>/proc</c> and its like. Read once: none of it changes while it runs.</summary>
internal sealed record MachineFacts(
    int Cpus, long MemoryBytes, long DiskBytes, string MachineId, string SystemUuid, string BootId, string OsImage, string KernelVersion, string Architecture)
{
    public static MachineFacts Read(string rootDirectory) => new(
        System.Environment.ProcessorCount,
        Memory(),
        Disk(rootDirectory),
        Line("/etc/machine-id"),
        Line("/sys/class/dmi/id/product_uuid"),
        Line("/proc/sys/kernel/random/boot_id"),
        OsImageName(),
        Line("/proc/sys/kernel/osrelease"),
        RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64");

    /// <summary>The machine's first IPv4 address that others can reach.</summary>
    public static string FirstAddress()
    {
        var candidates =
            from nic in NetworkInterface.GetAllNetworkInterfaces()
            where nic.OperationalStatus == OperationalStatus.Up && nic.NetworkInterfaceType != NetworkInterfaceType.Loopback
            let gateway = nic.GetIPProperties().GatewayAddresses.Count > 0
            from address in nic.GetIPProperties().UnicastAddresses
            where address.Address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address.Address)
            orderby gateway descending
            select address.Address.ToString();
        return candidates.FirstOrDefault() ?? "127.0.0.1";
    }

    private static long Memory()
    {
        var line = File.ReadLines("/proc/meminfo").First(l => l.StartsWith("MemTotal:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static long Disk(string directory)
    {
        var existing = directory;
        while (existing.Length > 1 && !Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing) ?? "/";
        }

        return new DriveInfo(existing.Length == 0 ? "/" : existing).TotalSize;
    }

    private static string OsImageName()
    {
        const string file = "/etc/os-release";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith("PRETTY_NAME=", StringComparison.Ordinal)) : null;
        return line is null ? "Linux" : line["PRETTY_NAME=".Length..].Trim('"');
    }

    /// <summary>Some of these files are only root's, or not there in a container: then the fact is empty.</summary>
    private static string Line(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
