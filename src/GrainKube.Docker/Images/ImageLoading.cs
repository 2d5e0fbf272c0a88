using Docker.DotNet.Models;
using GrainKube.Docker.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Images;

internal static class ImageLoading
{
    /// <summary>Puts an image archive into the engine.</summary>
    public static async Task LoadAsync(this DockerEngine engine, byte[] archive, CancellationToken cancel)
    {
        var progress = new EngineProgress();
        using var stream = new MemoryStream(archive);
        await engine.CallAsync(docker => docker.Images.LoadImageAsync(new ImageLoadParameters { Quiet = true }, stream, progress, cancel), cancel);
        if (progress.Error is { } error)
        {
            throw new RuntimeException(RuntimeError.Other, $"The engine could not load an image: {error}");
        }
    }
}
