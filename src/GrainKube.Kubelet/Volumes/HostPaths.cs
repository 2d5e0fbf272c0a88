using k8s.Models;

namespace GrainKube.Kubelet.Volumes;

/// <summary>Checks and makes paths of the host, as their type says.</summary>
internal static class HostPaths
{
    /// <exception cref="VolumeException">What is there is not of the type.</exception>
    public static void Ensure(V1HostPathVolumeSource source)
    {
        var path = source.Path;
        switch (source.Type ?? "")
        {
            case "":
                // The engine refuses a bind of nothing; upstream leaves it to make the directory.
                if (!Path.Exists(path))
                {
                    Directory.CreateDirectory(path);
                }

                break;
            case "DirectoryOrCreate":
                if (File.Exists(path))
                {
                    throw Wrong($"{path} is not a directory");
                }

                Directory.CreateDirectory(path, Permissions.OwnerAll | Permissions.OthersEnter);
                break;
            case "FileOrCreate":
                if (Directory.Exists(path))
                {
                    throw Wrong($"{path} is not a file");
                }

                if (!File.Exists(path))
                {
                    File.WriteAllBytes(path, []);
                    File.SetUnixFileMode(path, Permissions.DefaultFile);
                }

                break;
            case "Directory":
                MustBe(path, FileKind.Directory, "a directory");
                break;
            case "File":
                MustBe(path, FileKind.File, "a file");
                break;
            case "Socket":
                MustBe(path, FileKind.Socket, "a socket file");
                break;
            case "CharDevice":
                MustBe(path, FileKind.CharacterDevice, "a character device");
                break;
            case "BlockDevice":
                MustBe(path, FileKind.BlockDevice, "a block device");
                break;
        }
    }

    private static void MustBe(string path, FileKind kind, string name)
    {
        if (Native.KindOf(path) != kind)
        {
            throw Wrong($"{path} is not {name}");
        }
    }

    private static VolumeException Wrong(string message) => new($"hostPath type check failed: {message}");
}
