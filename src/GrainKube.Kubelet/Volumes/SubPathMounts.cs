using Microsoft.Win32.SafeHandles;

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
        using var handle = Open(volume, resolved);
        MemoryMounts.RemoveBelow(place);
        Prepare(place, Directory.Exists(resolved));
        return Native.TryBind(handle, place) ? place : resolved;
    }

    /// <summary>Reads a file that a container has written, and no other.</summary>
    /// <param name="volume">Host path of the volume.</param>
    /// <param name="resolved">The file's host path, links resolved.</param>
    /// <param name="longest">Most bytes that it may have.</param>
    /// <exception cref="IOException">It is no file, too long, or a part of the path has become a link.</exception>
    public static string Read(string volume, string resolved, int longest)
    {
        using var handle = Open(volume, resolved);
        var opened = $"/proc/self/fd/{handle.DangerousGetHandle()}";
        if (Native.KindOf(opened) != FileKind.File)
        {
            throw new IOException($"{resolved} is no file"); // a pipe would keep us waiting
        }

        using var stream = File.OpenRead(opened);
        if (stream.Length > longest)
        {
            throw new IOException($"{resolved} is longer than {longest} bytes");
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static SafeFileHandle Open(string volume, string resolved)
    {
        var root = volume.TrimEnd('/');
        var handle = Native.Open(root.Length == 0 ? "/" : root, follow: true);
        foreach (var part in resolved[root.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            using var above = handle;
            handle = Native.OpenIn(above, part);
        }

        return handle;
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
