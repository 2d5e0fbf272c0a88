namespace GrainKube.Kubelet.Volumes;

/// <summary>Gives what is in a volume to the pod's group (<c>fsGroup</c>): it reads and writes all, and what is made later belongs to it.</summary>
internal static class VolumeOwnership
{
    private const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.SetGroup;

    /// <param name="root">The volume.</param>
    /// <param name="group">The pod's group.</param>
    /// <param name="policy"><c>OnRootMismatch</c> leaves a volume alone whose root is right already.</param>
    /// <exception cref="IOException">The file system refuses.</exception>
    public static void Apply(string root, long group, string? policy)
    {
        if (policy == "OnRootMismatch" && Native.GroupOf(root) == group && (File.GetUnixFileMode(root) & (ReadWrite | Enter)) == (ReadWrite | Enter))
        {
            return;
        }

        // The root comes last: while it is not right, the work is not done.
        if (Directory.Exists(root))
        {
            // Links stay as they are: what they point at may be outside.
            var deep = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
            foreach (var entry in new DirectoryInfo(root).EnumerateFileSystemInfos("*", deep))
            {
                Give(entry.FullName, entry is DirectoryInfo, group);
            }
        }

        Give(root, Directory.Exists(root), group);
    }

    private static void Give(string path, bool isDirectory, long group)
    {
        var mode = File.GetUnixFileMode(path);
        Native.ChangeGroup(path, group);
        File.SetUnixFileMode(path, mode | ReadWrite | (isDirectory ? Enter : UnixFileMode.None)); // a change of group took bits away
    }
}
