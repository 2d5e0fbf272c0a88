using System.Globalization;

namespace GrainKube.Kubelet.Usage;

/// <summary>What the whole machine has used, from the kernel's files.</summary>
/// <param name="CpuNanoseconds">Since the machine started, all cores together, waiting for disks not counted.</param>
/// <param name="MemoryBytes">Memory that cannot be given back at once.</param>
internal readonly record struct HostUsage(ulong CpuNanoseconds, long MemoryBytes)
{
    /// <summary>The unit of <c>/proc/stat</c>: USER_HZ, 100 on every architecture we run on.</summary>
    private const ulong NanosecondsPerTick = 10_000_000;

    /// <param name="proc">Where <c>/proc</c> is; a test has its own.</param>
    public static HostUsage Read(string proc = "/proc")
    {
        var ticks = File.ReadLines(Path.Combine(proc, "stat")).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(t => ulong.Parse(t, CultureInfo.InvariantCulture)).ToList();

        // user nice system idle iowait irq softirq steal; what guests use is in user already.
        var busy = ticks.Take(8).Where((_, i) => i is not (3 or 4)).Aggregate(0UL, (sum, t) => sum + t);
        var memory = File.ReadLines(Path.Combine(proc, "meminfo"))
            .Select(l => l.Split(':', 2)).Where(l => l[0] is "MemTotal" or "MemAvailable")
            .ToDictionary(l => l[0], l => long.Parse(l[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024);
        return new HostUsage(busy * NanosecondsPerTick, memory["MemTotal"] - memory["MemAvailable"]);
    }
}
