using System.Globalization;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Sandboxes;

/// <summary>Control groups as directories and files of the kernel, version 1 (a hierarchy for each kind of resource) or 2 (one for all).</summary>
/// <param name="mounts">Where the hierarchies are.</param>
internal sealed class GroupFiles(string mounts)
{
    private const long DefaultPeriod = 100_000;

    // Version 1 says "no limit" with the largest number of whole pages.
    private const long NoLimit = 1L << 62;

    private bool IsUnified => File.Exists(Path.Combine(mounts, "cgroup.controllers"));

    /// <summary>Makes the group where it is missing and sets its limits.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public void Write(string group, ContainerResources resources)
    {
        if (IsUnified)
        {
            WriteUnified(group, resources);
            return;
        }

        var memory = Make("memory", group);
        if (Path.Combine(memory, "memory.use_hierarchy") is var hierarchy && File.Exists(hierarchy) && ReadNumber(hierarchy) == 0)
        {
            Set(memory, "memory.use_hierarchy", "1"); // older kernels count what is below only then
        }

        Set(memory, "memory.limit_in_bytes", resources.MemoryBytes > 0 ? Text(resources.MemoryBytes) : "-1");
        var cpu = Make("cpu", group);
        Set(cpu, "cpu.shares", Text(resources.CpuShares));
        Set(cpu, "cpu.cfs_period_us", Text(resources.CpuPeriod > 0 ? resources.CpuPeriod : DefaultPeriod));
        Set(cpu, "cpu.cfs_quota_us", resources.CpuQuota > 0 ? Text(resources.CpuQuota) : "-1");
    }

    /// <summary>The limits in force; null where the group is gone.</summary>
    public ContainerResources? Read(string group)
    {
        try
        {
            return IsUnified ? ReadUnified(In("", group)) : ReadSplit(In("cpu", group), In("memory", group));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Groups whose names begin so, in whatever hierarchy they are.</summary>
    public IReadOnlyList<string> Groups(string prefix) =>
        [.. Hierarchies.SelectMany(h => Directory.GetDirectories(h, prefix + "*")).Select(d => Path.GetFileName(d)!).Distinct()];

    /// <summary>Nothing runs in the group, and no group is in it.</summary>
    public bool IsEmpty(string group) => Places(group).All(place => Directory.GetDirectories(place).Length == 0 && !File.ReadLines(Path.Combine(place, "cgroup.procs")).Any());

    /// <summary>Removes the group from every hierarchy where nothing is in it.</summary>
    public void Remove(string group)
    {
        foreach (var place in Places(group))
        {
            try
            {
                Directory.Delete(place);
            }
            catch (IOException)
            {
                // Something is in it: another sandbox of the pod, whose end removes it.
            }
        }
    }

    /// <summary>The kernel's weight for shares, as container runtimes convert them.</summary>
    public static long WeightOf(long shares) => 1 + ((Math.Clamp(shares, 2, 262_144) - 2) * 9999 / 262_142);

    /// <summary>They are one and the same to the kernel.</summary>
    public static bool AreSame(ContainerResources left, ContainerResources right) =>
        left with { CpuShares = 0 } == right with { CpuShares = 0 } && (left.CpuShares == right.CpuShares || WeightOf(left.CpuShares) == WeightOf(right.CpuShares));

    private void WriteUnified(string group, ContainerResources resources)
    {
        var control = Path.Combine(mounts, "cgroup.subtree_control");
        var active = File.ReadAllText(control).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var controller in new[] { "cpu", "memory" }.Except(active))
        {
            File.WriteAllText(control, $"+{controller}");
        }

        var place = Make("", group);
        Set(place, "memory.max", resources.MemoryBytes > 0 ? Text(resources.MemoryBytes) : "max");
        Set(place, "cpu.weight", Text(WeightOf(resources.CpuShares)));
        var period = resources.CpuPeriod > 0 ? resources.CpuPeriod : DefaultPeriod;
        Set(place, "cpu.max", $"{(resources.CpuQuota > 0 ? Text(resources.CpuQuota) : "max")} {Text(period)}");
    }

    private static ContainerResources ReadSplit(string cpu, string memory)
    {
        var quota = ReadNumber(Path.Combine(cpu, "cpu.cfs_quota_us"));
        var limit = ReadNumber(Path.Combine(memory, "memory.limit_in_bytes"));
        return new ContainerResources
        {
            CpuShares = ReadNumber(Path.Combine(cpu, "cpu.shares")),
            CpuQuota = Math.Max(quota, 0),
            CpuPeriod = quota > 0 ? ReadNumber(Path.Combine(cpu, "cpu.cfs_period_us")) : 0,
            MemoryBytes = limit >= NoLimit ? 0 : limit,
        };
    }

    private static ContainerResources ReadUnified(string place)
    {
        var cpu = File.ReadAllText(Path.Combine(place, "cpu.max")).Trim().Split(' ');
        var memory = File.ReadAllText(Path.Combine(place, "memory.max")).Trim();
        return new ContainerResources
        {
            CpuShares = 2 + ((((ReadNumber(Path.Combine(place, "cpu.weight")) - 1) * 262_142) + 9998) / 9999), // the least that becomes this weight
            CpuQuota = cpu[0] == "max" ? 0 : Number(cpu[0]),
            CpuPeriod = cpu[0] == "max" ? 0 : Number(cpu[1]),
            MemoryBytes = memory == "max" ? 0 : Number(memory),
        };
    }

    /// <summary>The group's directories in all hierarchies that have it: the engine makes them in those too that we set nothing in.</summary>
    private IEnumerable<string> Places(string group) => Hierarchies.Select(hierarchy => Path.Combine(hierarchy, group.TrimStart('/'))).Where(Directory.Exists);

    private string[] Hierarchies => IsUnified ? [mounts] : Directory.Exists(mounts) ? Directory.GetDirectories(mounts) : [];

    private string Make(string hierarchy, string group) => Directory.CreateDirectory(In(hierarchy, group)).FullName;

    private string In(string hierarchy, string group) => Path.Combine(mounts, hierarchy, group.TrimStart('/'));

    private static void Set(string place, string file, string value) => File.WriteAllText(Path.Combine(place, file), value);

    private static long ReadNumber(string path) => Number(File.ReadAllText(path));

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowTrailingWhite | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
