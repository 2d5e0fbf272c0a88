using Docker.DotNet.Models;
using GrainKube.Docker.Engine;

namespace GrainKube.Docker.Sessions;

internal sealed class AttachTarget(DockerEngine engine, string containerId) : ISessionTarget
{
    public Task ResizeAsync(ushort width, ushort height, CancellationToken cancel) => engine.CallAsync(
        docker => docker.Containers.ResizeContainerTtyAsync(containerId, new ContainerResizeParameters { Width = width, Height = height }, cancel), cancel);

    public Task<int?> GetExitCodeAsync(CancellationToken cancel) => Task.FromResult<int?>(null);

    public Task EndAsync() => Task.CompletedTask;
}
