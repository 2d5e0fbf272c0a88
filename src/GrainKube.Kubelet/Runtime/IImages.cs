namespace GrainKube.Kubelet.Runtime;

/// <summary>Images on the node.</summary>
public interface IImages
{
    /// <summary>The image's facts where it is present, otherwise null. The reference is as the pod wrote it.</summary>
    Task<ImageInfo?> GetAsync(string reference, CancellationToken cancel);

    /// <summary>Pulls an image from its registry.</summary>
    /// <exception cref="RuntimeException"><see cref="RuntimeError.ImagePull"/> with the engine's words.</exception>
    Task<ImageInfo> PullAsync(string reference, RegistryCredentials? credentials, CancellationToken cancel);

    Task<IReadOnlyList<ImageInfo>> ListAsync(CancellationToken cancel);

    /// <summary>Lays the image's files down in an empty directory, with their owners and modes.</summary>
    /// <exception cref="RuntimeException">The engine does not give them.</exception>
    /// <exception cref="IOException">They cannot be written.</exception>
    Task UnpackAsync(string id, string directory, CancellationToken cancel);

    /// <summary>Ids of the images that any container has, running or not, ours or not.</summary>
    Task<IReadOnlySet<string>> InUseAsync(CancellationToken cancel);

    /// <summary>Removes an image with all its names.</summary>
    /// <exception cref="RuntimeException">Something depends on it.</exception>
    Task RemoveAsync(string id, CancellationToken cancel);
}
