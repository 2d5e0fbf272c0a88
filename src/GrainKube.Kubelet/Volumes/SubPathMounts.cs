namespace GrainKube.Kubelet.Volumes;

/// <summary>
/// Pins a sub path before a container sees it: each part is opened without following links, and what was opened is mounted at a place of the pod's own. Whatever another container puts in its way
/// afterwards, the engine binds what was checked.
/// </summary>
internal static class SubPathMounts
{
    /// <param name="volume">Host path of the volume.</param>
    /// <param name="resolved">The sub path's host path, links resolved.</param>
    /// <param name="place">Where to mount it.</param>
    /// <returns>What to give to the engine: the place, or on a host that forbids mounts the path itself.</returns>
    /// <exception cref="IOException">A part of the path has become a link or has gone.</exception>
    public static string Pin(string volume, string resolved, string place)
    {
        var root = volume.TrimEnd('/');
        using var opened = Native.Open(root.Length == 0 ? "/" : root, follow: true);
        var handle = opened;
        foreach (var part in resolved[root.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Native.OpenIn(handle, part);
            if (handle != opened)
            {
                handle.Dispose();
            }

            handle = next;
        }

        using (handle)
        {
            MemoryMounts.RemoveBelow(place);
            Prepare(place, Directory.Exists(resolved));
            return Native.TryBind(handle, place) ? place : resolved;
        }
    }

    private static void Prepare(string place, bool isDirectory)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        if (isDirectory)
        {
            if (File.Exists(place))
            {
                File.Delete(place);
            }

            Directory.CreateDirectory(place);
        }
        else if (!File.Exists(place))
        {
            if (Directory.Exists(place))
            {
                Directory.Delete(place);
            }

            File.WriteAllBytes(place, []);
        }
    }
}
