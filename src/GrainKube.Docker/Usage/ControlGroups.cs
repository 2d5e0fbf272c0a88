using System.Globalization;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Usage;

/// <summary>Reads what a container uses from the files of its control group, version 1 or 2: the engine's own figures take seconds.</summary>
/// <param name="root">Where <c>/proc</c> and <c>/sys</c> are; a test has its own.</param>
internal sealed class ControlGroups(string root = "/")
{
    private readonly string mounts = Path.Combine(root, "sys/fs/cgroup");

    /// <summary>The use of the group that a process is in; null where the process or its group is gone.</summary>
    public ContainerUsage? Read(int pid, DateTimeOffset now)
    {
        try
        {
            var groups = GroupsOf(pid);
            return groups.TryGetValue("cpuacct", out var cpu) && groups.TryGetValue("memory", out var memory)
                ? ReadVersion1(Path.Combine(mounts, "cpuacct" + cpu), Path.Combine(mounts, "memory" + memory), now)
                    with { Processes = groups.TryGetValue("pids", out var pids) ? ReadProcesses(Path.Combine(mounts, "pids" + pids)) : 0 }
                : groups.TryGetValue("", out var unified) ? ReadVersion2(mounts + unified, now) : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException || IsGone(exception))
        {
            return null;
        }
    }

    /// <summary>Whether a process runs inside that container, so that a number that was given to somebody else meanwhile is not taken for it.</summary>
    public bool IsIn(int pid, string containerId)
    {
        try
        {
            return GroupsOf(pid).Values.Any(path => path.Contains(containerId, StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException || IsGone(exception))
        {
            return false;
        }
    }

    private static ContainerUsage ReadVersion1(string cpu, string memory, DateTimeOffset now)
    {
        var used = ReadNumber(Path.Combine(memory, "memory.usage_in_bytes"));
        return new ContainerUsage(
            now, ReadNumber(Path.Combine(cpu, "cpuacct.usage")), used, WorkingSet(used, ReadField(Path.Combine(memory, "memory.stat"), "total_inactive_file")));
    }

    private static ContainerUsage ReadVersion2(string group, DateTimeOffset now)
    {
        var used = ReadNumber(Path.Combine(group, "memory.current"));
        return new ContainerUsage(
            now,
            ReadField(Path.Combine(group, "cpu.stat"), "usage_usec") * 1000,
            used,
            WorkingSet(used, ReadField(Path.Combine(group, "memory.stat"), "inactive_file")),
            ReadProcesses(group));
    }

    // Where they are not counted there is no file.
    private static ulong ReadProcesses(string group) => File.Exists(Path.Combine(group, "pids.current")) ? ReadNumber(Path.Combine(group, "pids.current")) : 0;

    /// <summary>What cannot be given back at once, as upstream counts it.</summary>
    private static ulong WorkingSet(ulong used, ulong inactiveFile) => used > inactiveFile ? used - inactiveFile : 0;

    private static ulong ReadNumber(string path) => ulong.Parse(File.ReadAllText(path), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);

    private static ulong ReadField(string path, string name) =>
        File.ReadLines(path).Select(line => line.Split(' ')).Where(field => field is [var key, _] && key == name)
            .Select(field => ulong.Parse(field[1], CultureInfo.InvariantCulture)).FirstOrDefault();

    // ESRCH: the process ended between open and read.
    private static bool IsGone(Exception exception) => exception is IOException { HResult: 3 };

    /// <summary>The group's path for each controller; the unified hierarchy's has no name.</summary>
    private Dictionary<string, string> GroupsOf(int pid)
    {
        var groups = new Dictionary<string, string>();
        foreach (var line in File.ReadLines(Path.Combine(root, $"proc/{pid}/cgroup")))
        {
            if (line.Split(':', 3) is [_, var controllers, var path])
            {
                foreach (var controller in controllers.Split(','))
                {
                    groups[controller] = path;
                }
            }
        }

        return groups;
    }
}
