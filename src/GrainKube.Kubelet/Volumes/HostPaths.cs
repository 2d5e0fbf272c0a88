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
                if (!Path.Exists(path))
                {
                    Directory.CreateDirectory(path, Permissions.OwnerAll | Permissions.OthersEnter);
                }

                MustBe(path, FileKind.Directory);
                break;
            case "FileOrCreate":
                if (!Path.Exists(path))
                {
                    File.WriteAllBytes(path, []);
                    File.SetUnixFileMode(path, Permissions.DefaultFile);
                }

                MustBe(path, FileKind.File);
                break;
            case "Directory":
                MustBe(path, FileKind.Directory);
                break;
            case "File":
                MustBe(path, FileKind.File);
                break;
            case "Socket":
                MustBe(path, FileKind.Socket);
                break;
            case "CharDevice":
                MustBe(path, FileKind.CharacterDevice);
                break;
            case "BlockDevice":
                MustBe(path, FileKind.BlockDevice);
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

    private static void MustBe(string path, FileKind wanted)
    {
        var found = Native.KindOf(path);
        if (found == wanted)
        {
            return;
        }

        throw new VolumeException(found switch
        {
            FileKind.Absent => $"hostPath {path} doesn't exist",
            FileKind.Other => $"hostPath type check failed, {path} is not a {NameOf(wanted)}, unable to determine its type: only recognise file, directory, socket, block device and character device",
            _ => $"hostPath type check failed: {path} is not a {NameOf(wanted)}, it's a {TypeOf(found)}",
        });
    }

    private static string NameOf(FileKind kind) => kind switch
    {
        FileKind.Directory => "directory",
        FileKind.File => "file",
        FileKind.Socket => "socket file",
        FileKind.CharacterDevice => "character device",
        _ => "block device",
    };

    private static string TypeOf(FileKind kind) => kind switch
    {
        FileKind.CharacterDevice => "CharDevice",
        _ => kind.ToString(),
    };
}
