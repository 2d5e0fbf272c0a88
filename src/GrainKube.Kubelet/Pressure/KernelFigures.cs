using System.Globalization;
using System.Runtime.InteropServices;

namespace GrainKube.Kubelet.Pressure;

/// <summary>The figures from the kernel's own files and calls.</summary>
/// <param name="nodeDirectory">Where the kubelet keeps pods' volumes; made by the first pod, so the nearest directory above counts until then.</param>
/// <param name="proc">Where <c>/proc</c> is; a test has its own.</param>
internal sealed class KernelFigures(string nodeDirectory, string proc = "/proc") : IMachineFigures
{
    public MachineFigures Read(string imageDirectory) => new(Memory(), Processes(), Disk(nodeDirectory), imageDirectory.Length == 0 ? null : Disk(imageDirectory));

    private Stock Memory()
    {
        var lines = File.ReadLines(Path.Combine(proc, "meminfo")).Select(line => line.Split(':', 2)).Where(line => line[0] is "MemTotal" or "MemAvailable")
            .ToDictionary(line => line[0], line => long.Parse(line[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024);
        return new Stock(lines["MemAvailable"], lines["MemTotal"]);
    }

    private Stock Processes()
    {
        var most = Math.Min(Number("sys/kernel/pid_max"), Number("sys/kernel/threads-max"));
        var running = long.Parse(File.ReadAllText(Path.Combine(proc, "loadavg")).Split(' ')[3].Split('/')[1], CultureInfo.InvariantCulture);
        return new Stock(most - running, most);
    }

    private long Number(string file) => long.Parse(File.ReadAllText(Path.Combine(proc, file)), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);

    private static DiskFigures? Disk(string directory)
    {
        var existing = directory;
        while (existing.Length > 1 && !Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing) ?? "/";
        }

        if (statvfs(existing.Length == 0 ? "/" : existing, out var found) != 0 || found.Blocks == 0)
        {
            return null;
        }

        var device = string.Create(CultureInfo.InvariantCulture, $"{found.Id:x}-{found.Blocks}-{found.Files}");
        var unit = (long)found.FragmentSize;
        return new DiskFigures(device, new Stock((long)found.BlocksAvailable * unit, (long)found.Blocks * unit), new Stock((long)found.FilesFree, (long)found.Files));
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int statvfs([MarshalAs(UnmanagedType.LPUTF8Str)] string path, out FileSystemFacts facts);

    /// <summary><c>struct statvfs</c> of 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 160)]
    private struct FileSystemFacts
    {
        public ulong BlockSize;
        public ulong FragmentSize;
        public ulong Blocks;
        public ulong BlocksFree;
        public ulong BlocksAvailable;
        public ulong Files;
        public ulong FilesFree;
        public ulong FilesAvailable;
        public ulong Id;
    }
}
