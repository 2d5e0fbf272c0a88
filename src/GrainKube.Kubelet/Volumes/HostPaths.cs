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
            case "Directory" when !Directory.Exists(path):
                throw Wrong($"{path} is not a directory");
            case "File" when !File.Exists(path):
                throw Wrong($"{path} is not a file");
            case "Socket" when !Path.Exists(path):
                throw Wrong($"{path} is not a socket file");
            case "CharDevice" when !Path.Exists(path):
                throw Wrong($"{path} is not a character device");
            case "BlockDevice" when !Path.Exists(path):
                throw Wrong($"{path} is not a block device");
        }
    }

    private static VolumeException Wrong(string message) => new($"hostPath type check failed: {message}");
}
