using GrainKube.ApiMachinery.Errors;
using GrainKube.Kubelet.Agent;
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

    /// <summary>Removes what is at a path below <c>/tmp</c>; it may be gone already. A link goes, not what it leads to. Simulated nodes have nothing there.</summary>
    /// <exception cref="ApiException">It is elsewhere, or cannot be removed.</exception>
    public static void Remove(NodeOptions node, string path)
    {
        if (Path.GetFullPath(path) is not { Length: > 5 } full || !full.StartsWith("/tmp/", StringComparison.Ordinal))
        {
            throw ApiException.BadRequest($"host_path deleter only supports /tmp/.+ but received provided {path}");
        }

        if (node.Simulated)
        {
            return;
        }

        LocalVolumes.Reported(() =>
        {
            if (File.Exists(full) || new FileInfo(full).LinkTarget is not null)
            {
                File.Delete(full);
            }
            else if (Directory.Exists(full))
            {
                Directory.Delete(full, recursive: true);
            }
        });
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
