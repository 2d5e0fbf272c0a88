namespace GrainKube.Kubelet.Runtime;

/// <summary>Containers inside sandboxes.</summary>
public interface IContainers
{
    /// <summary>Creates a container without starting it. Safe to repeat: one with the same pod uid, name and attempt is returned.</summary>
    /// <returns>The container's id.</returns>
    Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancel);

    /// <summary>Starts a created container. Starting a running one does nothing.</summary>
    /// <exception cref="RuntimeException">For example <see cref="RuntimeError.CannotRun"/> where the command does not exist.</exception>
    Task StartAsync(string id, CancellationToken cancel);

    /// <summary>Changes the limits of a running container; it goes on running.</summary>
    /// <exception cref="RuntimeException">The kernel refuses, for example less memory than is in use.</exception>
    Task UpdateAsync(string id, ContainerResources resources, CancellationToken cancel);

    /// <summary>All our containers on this node, running or not, sandboxes excluded.</summary>
    Task<IReadOnlyList<ContainerState>> ListAsync(CancellationToken cancel);

    Task<ContainerState?> GetAsync(string id, CancellationToken cancel);

    /// <summary>Asks the container to end, and kills it after the grace period. Returns when it has ended.</summary>
    Task StopAsync(string id, TimeSpan grace, CancellationToken cancel);

    /// <summary>Removes a container and its log; kills it if it runs.</summary>
    Task RemoveAsync(string id, CancellationToken cancel);

    /// <summary>The container's log: one entry a line (or part of a very long line), in order.</summary>
    IAsyncEnumerable<LogLine> ReadLogAsync(string id, LogQuery query, CancellationToken cancel);

    /// <summary>Runs a command to its end and collects its output (cut at 16 KiB); for probes and hooks. A timeout kills it.</summary>
    Task<ExecResult> ExecAsync(string id, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel);

    /// <summary>Starts a command whose streams the caller holds. Disposing the session kills the command if it still runs.</summary>
    Task<IContainerSession> OpenExecAsync(string id, ExecOptions options, CancellationToken cancel);

    /// <summary>Attaches to the main process. Disposing the session leaves the process running.</summary>
    Task<IContainerSession> AttachAsync(string id, ExecOptions options, CancellationToken cancel);

    /// <summary>What the container uses now, or null where it does not run.</summary>
    Task<ContainerUsage?> GetUsageAsync(string id, CancellationToken cancel);

    /// <summary>Where the container's files are, or null where it is gone or keeps none on this machine.</summary>
    Task<ContainerFiles?> GetFilesAsync(string id, CancellationToken cancel);
}
