using System.Globalization;

namespace GrainKube.Kubelet.Volumes;

/// <summary>
/// Writes files so that a reader sees all of a version or all of another: a directory of its own for each version, a link <c>..data</c> to the newest, and links through it.
/// </summary>
internal sealed class AtomicDirectory(string root, TimeProvider time)
{
    private const string Data = "..data";
    private const string NewData = "..data_tmp";

    /// <summary>Makes the directory hold exactly these files. Nothing is touched where it does already.</summary>
    /// <param name="files">The files.</param>
    /// <param name="group">Group that may read them, where the pod has one.</param>
    /// <returns>Whether anything changed.</returns>
    public bool Write(IReadOnlyList<VolumeFile> files, long? group)
    {
        Directory.CreateDirectory(root);
        var link = Path.Combine(root, Data);
        var before = new FileInfo(link).LinkTarget;
        if (before is not null && Holds(Path.Combine(root, before), files))
        {
            LinkNames(files);
            return false;
        }

        var version = NewVersion();
        var directory = Path.Combine(root, version);
        Directory.CreateDirectory(directory, Permissions.OwnerAll | Permissions.OthersEnter);
        Own(directory, group);
        foreach (var file in files)
        {
            WriteFile(directory, file, group);
        }

        var made = Path.Combine(root, NewData);
        File.Delete(made);
        File.CreateSymbolicLink(made, version);
        Native.Rename(made, link);
        LinkNames(files);
        foreach (var old in Directory.EnumerateDirectories(root, "..*").Where(d => Path.GetFileName(d) is var name && name != version && name != Data).ToList())
        {
            Directory.Delete(old, recursive: true);
        }

        return true;
    }

    private static bool Holds(string directory, IReadOnlyList<VolumeFile> files)
    {
        if (!Directory.Exists(directory))
        {
            return false;
        }

        var present = Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(directory, f)).ToHashSet(StringComparer.Ordinal);
        return present.SetEquals(files.Select(f => f.Path)) && files.All(f => File.ReadAllBytes(Path.Combine(directory, f.Path)).AsSpan().SequenceEqual(f.Content));
    }

    private static void WriteFile(string directory, VolumeFile file, long? group)
    {
        var path = Path.Combine(directory, file.Path);
        for (var at = file.Path.IndexOf('/'); at > 0; at = file.Path.IndexOf('/', at + 1))
        {
            var parent = Path.Combine(directory, file.Path[..at]);
            Directory.CreateDirectory(parent, Permissions.OwnerAll | Permissions.OthersEnter);
            Own(parent, group);
        }

        File.WriteAllBytes(path, file.Content);
        if (file.Owner is { } user)
        {
            Native.ChangeOwner(path, user);
        }

        if (group is { } id)
        {
            Native.ChangeGroup(path, id);
            File.SetUnixFileMode(path, file.Mode | UnixFileMode.GroupRead | UnixFileMode.UserRead);
        }
        else
        {
            File.SetUnixFileMode(path, file.Mode);
        }
    }

    private static void Own(string directory, long? group)
    {
        if (group is { } id)
        {
            Native.ChangeGroup(directory, id);
        }
    }

    private void LinkNames(IReadOnlyList<VolumeFile> files)
    {
        var names = files.Select(f => f.Path.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(root).EnumerateFileSystemInfos())
        {
            if (!entry.Name.StartsWith("..", StringComparison.Ordinal) && !names.Remove(entry.Name))
            {
                File.Delete(entry.FullName);
            }
        }

        foreach (var name in names)
        {
            File.CreateSymbolicLink(Path.Combine(root, name), Path.Combine(Data, name));
        }
    }

    private string NewVersion()
    {
        var stamp = time.GetUtcNow().UtcDateTime.ToString("'..'yyyy_MM_dd_HH_mm_ss.fffffff", CultureInfo.InvariantCulture);
        var version = stamp;
        for (var again = 1; Directory.Exists(Path.Combine(root, version)); again++)
        {
            version = string.Create(CultureInfo.InvariantCulture, $"{stamp}_{again}");
        }

        return version;
    }
}
