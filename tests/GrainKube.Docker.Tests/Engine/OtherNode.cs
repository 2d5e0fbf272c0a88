using GrainKube.Docker.Hosting;
using GrainKube.Kubelet.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GrainKube.Docker.Tests.Engine;

/// <summary>A second node on the same engine, or on one that is not there.</summary>
internal sealed class OtherNode(string? endpoint = null) : IAsyncDisposable
{
    public IContainerRuntime Runtime { get; } = new DockerRuntime(
        Options.Create(new DockerOptions { Node = $"other-{Guid.NewGuid():N}", Endpoint = endpoint ?? new DockerOptions().Endpoint }),
        TimeProvider.System,
        NullLogger<DockerRuntime>.Instance);

    public ValueTask DisposeAsync() => Runtime.DisposeAsync();
}
