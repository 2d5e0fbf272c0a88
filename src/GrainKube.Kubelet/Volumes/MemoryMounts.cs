namespace GrainKube.Kubelet.Volumes;

/// <summary>Volumes that live in memory.</summary>
internal static class MemoryMounts
{
    /// <summary>Mounts memory on the directory unless it is mounted already.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static void Ensure(string directory, long sizeBytes)
    {
        if (!Below(directory).Contains(directory))
        {
            Native.MountMemory(directory, sizeBytes);
        }
    }

    /// <summary>Unmounts whatever is mounted in a directory.</summary>
    public static void RemoveBelow(string directory)
    {
        foreach (var mount in Below(directory).OrderByDescending(m => m.Length))
        {
            Native.Unmount(mount);
        }
    }

    private static HashSet<string> Below(string directory)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            var point = line.Split(' ')[4].Replace("\\040", " ", StringComparison.Ordinal);
            if (point == directory || point.StartsWith(directory + "/", StringComparison.Ordinal))
            {
                found.Add(point);
            }
        }

        return found;
    }
}
