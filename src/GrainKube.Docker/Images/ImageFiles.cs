using System.ComponentModel;
using System.Formats.Tar;
using System.Runtime.InteropServices;

namespace GrainKube.Docker.Images;

/// <summary>Lays the files of an archive down in a directory, with owners, modes and links. Devices are left out.</summary>
internal sealed class ImageFiles
{
    /// <summary>What the engine puts into every container to show that it is one.</summary>
    private const string EngineMark = ".dockerenv";

    private readonly string root;
    private readonly HashSet<string> made;
    private readonly List<(string Path, UnixFileMode Mode)> modes = [];

    public ImageFiles(string directory)
    {
        root = Path.GetFullPath(directory);
        made = new HashSet<string>(StringComparer.Ordinal) { root };
    }

    /// <exception cref="IOException">The archive cannot be read, or an entry would lie outside the directory.</exception>
    public async Task WriteAsync(Stream archive, CancellationToken cancel)
    {
        await using var reader = new TarReader(archive);
        while (await reader.GetNextEntryAsync(copyData: false, cancel) is { } entry)
        {
            await AddAsync(entry, cancel);
        }

        // Last, because a directory may forbid writing.
        modes.ForEach(each => File.SetUnixFileMode(each.Path, each.Mode));
    }

    private async Task AddAsync(TarEntry entry, CancellationToken cancel)
    {
        var path = PathOf(entry.Name);
        if (path == root || entry.Name == EngineMark)
        {
            return;
        }

        // A directory that was not made here may be a link that leads elsewhere.
        if (!made.Contains(Path.GetDirectoryName(path)!))
        {
            throw new IOException($"the archive has no directory for {entry.Name}");
        }

        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                Directory.CreateDirectory(path);
                made.Add(path);
                modes.Add((path, entry.Mode));
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                await entry.ExtractToFileAsync(path, overwrite: true, cancel);
                modes.Add((path, entry.Mode));
                break;
            case TarEntryType.SymbolicLink:
                File.CreateSymbolicLink(path, entry.LinkName);
                break;
            case TarEntryType.HardLink:
                Check(link(PathOf(entry.LinkName), path), path);
                return;
            default:
                return;
        }

        Check(lchown(path, entry.Uid, entry.Gid), path);
    }

    private string PathOf(string name)
    {
        var path = Path.GetFullPath(Path.Combine(root, name.Trim('/')));
        return path == root || path.StartsWith(root + "/", StringComparison.Ordinal) ? path : throw new IOException($"the archive leads out of its directory: {name}");
    }

    private static void Check(int result, string path)
    {
        if (result != 0)
        {
            throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int lchown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int owner, int group);
}
