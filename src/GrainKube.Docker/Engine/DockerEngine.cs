using Docker.DotNet;
using Docker.DotNet.Models;
using GrainKube.Docker.Hosting;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Engine;

/// <summary>The connection to one engine. Every call goes through here, so that every failure has the same shape.</summary>
internal sealed class DockerEngine : IDisposable
{
    private readonly DockerClient client;

    public DockerEngine(DockerOptions options, TimeProvider time)
    {
        Options = options;
        Time = time;
        using var configuration = new DockerClientConfiguration(new Uri(options.Endpoint));
        client = configuration.CreateClient();
    }

    public DockerOptions Options { get; }

    public TimeProvider Time { get; }

    public async Task<T> CallAsync<T>(Func<DockerClient, Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call(client);
        }
        catch (Exception exception) when (EngineErrors.Translate(exception, Options.Endpoint, cancel) is { } error)
        {
            throw error;
        }
    }

    public Task CallAsync(Func<DockerClient, Task> call, CancellationToken cancel) =>
        CallAsync(
            async docker =>
            {
                await call(docker);
                return true;
            },
            cancel);

    /// <summary>The call's answer, or null where the engine has no such thing.</summary>
    public async Task<T?> FindAsync<T>(Func<DockerClient, Task<T>> call, CancellationToken cancel)
        where T : class
    {
        try
        {
            return await CallAsync(call, cancel);
        }
        catch (RuntimeException exception) when (exception.Error == RuntimeError.NotFound)
        {
            return null;
        }
    }

    /// <summary>Containers of this node that match the filters, newest first, stopped ones included.</summary>
    public Task<IList<ContainerListResponse>> ListAsync(IEnumerable<(string Filter, string Value)> filters, CancellationToken cancel)
    {
        var wanted = filters
            .Append(("label", $"{EngineLabels.Node}={Options.Node}"))
            .GroupBy(filter => filter.Item1, filter => filter.Item2)
            .ToDictionary(group => group.Key, group => (IDictionary<string, bool>)group.ToDictionary(value => value, _ => true));
        return CallAsync(docker => docker.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = wanted }, cancel), cancel);
    }

    public Task<ContainerInspectResponse?> InspectAsync(string id, CancellationToken cancel) =>
        FindAsync(docker => docker.Containers.InspectContainerAsync(id, cancel), cancel);

    /// <summary>Stops a container; one that is gone or has ended is fine. The engine knows whole seconds only: a part counts as one.</summary>
    public Task StopAsync(string id, TimeSpan grace, CancellationToken cancel)
    {
        var seconds = (uint)Math.Clamp(Math.Ceiling(grace.TotalSeconds), 0, int.MaxValue);
        return IgnoreMissingAsync(
            docker => docker.Containers.StopContainerAsync(id, new ContainerStopParameters { WaitBeforeKillSeconds = seconds }, cancel), cancel);
    }

    /// <summary>Removes a container with its anonymous volumes, and returns when its name is free again.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancel)
    {
        try
        {
            await IgnoreMissingAsync(
                docker => docker.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, cancel), cancel);
        }
        catch (RuntimeException exception) when (exception.Message.Contains("already in progress", StringComparison.Ordinal))
        {
            while (await InspectAsync(id, cancel) is not null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), Time, cancel);
            }
        }
    }

    public void Dispose() => client.Dispose();

    private async Task IgnoreMissingAsync(Func<DockerClient, Task> call, CancellationToken cancel)
    {
        try
        {
            await CallAsync(call, cancel);
        }
        catch (RuntimeException exception) when (exception.Error == RuntimeError.NotFound)
        {
            // Gone is what was asked for.
        }
    }
}
