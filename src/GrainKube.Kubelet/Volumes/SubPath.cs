namespace GrainKube.Kubelet.Volumes;

/// <summary>Finds a sub path of a volume without ever leaving it, whatever links a container has put there.</summary>
internal static class SubPath
{
    private const int MostLinks = 40;

    /// <param name="volume">Host path of the volume.</param>
    /// <param name="subPath">Relative path inside.</param>
    /// <param name="create">Makes missing directories.</param>
    /// <exception cref="VolumeException">The path leaves the volume, or does not exist and may not be made.</exception>
    public static string Resolve(string volume, string subPath, bool create)
    {
        var root = volume.TrimEnd('/');
        var pending = new LinkedList<string>(subPath.Split('/', StringSplitOptions.RemoveEmptyEntries));
        var path = root;
        var links = 0;
        while (pending.First is { } first)
        {
            pending.RemoveFirst();
            if (first.Value == ".")
            {
                continue;
            }

            if (first.Value == "..")
            {
                path = path == root ? throw Leaves(subPath) : Path.GetDirectoryName(path)!;
                continue;
            }

            var next = $"{path}/{first.Value}";
            if (new FileInfo(next).LinkTarget is { } target)
            {
                if (Path.IsPathRooted(target) || ++links > MostLinks)
                {
                    throw Leaves(subPath);
                }

                foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                {
                    pending.AddFirst(part);
                }

                continue;
            }

            if (!Path.Exists(next))
            {
                if (!create)
                {
                    throw new VolumeException($"failed to prepare subPath for volumeMount: {subPath} does not exist");
                }

                // Whoever may write to the volume may write here.
                Directory.CreateDirectory(next);
                File.SetUnixFileMode(next, File.GetUnixFileMode(root));
            }

            path = next;
        }

        return path;
    }

    private static VolumeException Leaves(string subPath) => new($"failed to prepare subPath for volumeMount: {subPath} leaves its volume");
}
