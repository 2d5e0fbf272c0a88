using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Kubelet.Agent;

namespace GrainKube.Kubelet.Volumes;

/// <summary>Directories that outlive pods, one for each volume that was provisioned on this node, below <c>local-volumes</c>. Simulated nodes have none.</summary>
internal static class LocalVolumes
{
    /// <returns>The absolute path.</returns>
    /// <exception cref="ApiException">The directory cannot be made.</exception>
    public static string Make(NodeOptions node, string volume)
    {
        var path = PathOf(node, volume);
        if (!node.Simulated)
        {
            Reported(() =>
            {
                Directory.CreateDirectory(path);
                File.SetUnixFileMode(path, Permissions.Everything); // whatever user the pod's containers have
            });
        }

        return path;
    }

    /// <exception cref="ApiException">The directory cannot be removed.</exception>
    public static void Remove(NodeOptions node, string volume)
    {
        var path = PathOf(node, volume);
        if (!node.Simulated && Directory.Exists(path))
        {
            Reported(() => Directory.Delete(path, recursive: true));
        }
    }

    private static string PathOf(NodeOptions node, string volume) => NameRules.DnsSubdomain(volume).Count == 0
        ? Path.Combine(node.RootDirectory.Length > 0 ? node.RootDirectory : "/var/lib/grainkube/kubelet", "local-volumes", volume)
        : throw ApiException.BadRequest($"\"{volume}\" is no name of a volume");

    /// <exception cref="ApiException">What the disk refused.</exception>
    internal static void Reported(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw ApiException.InternalError(failed.Message);
        }
    }
}
