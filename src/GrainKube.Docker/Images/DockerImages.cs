using Docker.DotNet.Models;
using GrainKube.Docker.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Images;

internal sealed class DockerImages(DockerEngine engine) : IImages
{
    private readonly SemaphoreSlim unpacking = new(1);

    public async Task<ImageInfo?> GetAsync(string reference, CancellationToken cancel) =>
        await engine.FindAsync(docker => docker.Images.InspectImageAsync(reference, cancel), cancel) is { } image
            ? new ImageInfo(image.ID, Tags(image.RepoTags), Tags(image.RepoDigests), image.Size, image.Config?.User ?? "")
            : null;

    public async Task<ImageInfo> PullAsync(string reference, RegistryCredentials? credentials, CancellationToken cancel)
    {
        var progress = new EngineProgress();
        var (name, version) = ImageReference.Parse(reference);
        try
        {
            await engine.CallAsync(
                docker => docker.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = name, Tag = version }, ToAuth(credentials), progress, cancel),
                cancel);
        }
        catch (RuntimeException exception) when (exception.Error is not RuntimeError.Unavailable)
        {
            throw new RuntimeException(RuntimeError.ImagePull, exception.Message, exception);
        }

        if (progress.Error is { } error)
        {
            throw new RuntimeException(RuntimeError.ImagePull, error);
        }

        return await GetAsync(reference, cancel)
            ?? throw new RuntimeException(RuntimeError.ImagePull, $"The engine pulled {reference} but does not have it.");
    }

    public async Task<IReadOnlyList<ImageInfo>> ListAsync(CancellationToken cancel)
    {
        var images = await engine.CallAsync(docker => docker.Images.ListImagesAsync(new ImagesListParameters(), cancel), cancel);
        return [.. images.Select(image => new ImageInfo(image.ID, Tags(image.RepoTags), Tags(image.RepoDigests), image.Size, User: ""))];
    }

    /// <summary>The engine gives files of containers only: one is made for it, and never started.</summary>
    public async Task UnpackAsync(string id, string directory, CancellationToken cancel)
    {
        var name = $"grainkube_unpack_{engine.Options.Node}_{id.Replace(':', '_')}";
        await unpacking.WaitAsync(cancel);
        try
        {
            await engine.RemoveAsync(name, cancel);
            var parameters = new CreateContainerParameters { Name = name, Image = id, Entrypoint = ["/"], NetworkDisabled = true };
            await engine.CallAsync(docker => docker.Containers.CreateContainerAsync(parameters, cancel), cancel);
            await using var archive = await ExportAsync(name, directory + ".tar", cancel);
            await new ImageFiles(directory).WriteAsync(archive, cancel);
        }
        finally
        {
            try
            {
                await engine.RemoveAsync(name, CancellationToken.None);
            }
            finally
            {
                unpacking.Release();
            }
        }
    }

    public async Task<IReadOnlySet<string>> InUseAsync(CancellationToken cancel)
    {
        var containers = await engine.CallAsync(docker => docker.Containers.ListContainersAsync(new ContainersListParameters { All = true }, cancel), cancel);
        return containers.Select(container => container.ImageID).ToHashSet(StringComparer.Ordinal);
    }

    public async Task RemoveAsync(string id, CancellationToken cancel)
    {
        // Forced, because an image with two tags is otherwise only untagged; one that a container uses stays all the same.
        await engine.FindAsync(docker => docker.Images.DeleteImageAsync(id, new ImageDeleteParameters { Force = true }, cancel), cancel);
    }

    /// <summary>The engine's stream is taken into a file, gone when it is closed: the reader of archives wants to go forward in it, which the stream does not stand.</summary>
    private async Task<FileStream> ExportAsync(string container, string path, CancellationToken cancel)
    {
        var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await using var archive = await engine.CallAsync(docker => docker.Containers.ExportContainerAsync(container, cancel), cancel);
            await archive.CopyToAsync(file, cancel);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static AuthConfig ToAuth(RegistryCredentials? credentials) => credentials is null
        ? new AuthConfig()
        : new AuthConfig
        {
            ServerAddress = credentials.Server,
            Username = credentials.Username,
            Password = credentials.Password,
            IdentityToken = credentials.IdentityToken.Length > 0 ? credentials.IdentityToken : null,
        };

    // The engine writes <none> where there is nothing.
    private static IReadOnlyList<string> Tags(IList<string>? names) => [.. (names ?? []).Where(name => !name.StartsWith("<none>", StringComparison.Ordinal))];
}
