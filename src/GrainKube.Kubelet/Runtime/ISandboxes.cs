namespace GrainKube.Kubelet.Runtime;

/// <summary>Sandboxes: what holds a pod's network, IPC and (where shared) processes while its containers come and go.</summary>
public interface ISandboxes
{
    /// <summary>Makes the node's pod network (a bridge with the node's range) if it is not there; a range that changed is an error while sandboxes use the old one.</summary>
    /// <param name="podCidr">The node's pod range, for example <c>10.244.0.0/24</c>; the first address is the bridge's.</param>
    /// <param name="cancel">Stops waiting.</param>
    Task EnsureNetworkAsync(string podCidr, CancellationToken cancel);

    /// <summary>Creates and starts a sandbox. Safe to repeat: a sandbox with the same pod uid and attempt is returned as it is.</summary>
    Task<SandboxState> CreateAsync(SandboxSpec spec, CancellationToken cancel);

    /// <summary>All our sandboxes on this node, running or not.</summary>
    Task<IReadOnlyList<SandboxState>> ListAsync(CancellationToken cancel);

    Task<SandboxState?> GetAsync(string id, CancellationToken cancel);

    /// <summary>Changes the limits of the whole pod; what runs in it goes on.</summary>
    /// <exception cref="RuntimeException">The sandbox was made without such limits, or the kernel refuses.</exception>
    Task UpdateAsync(string id, ContainerResources resources, CancellationToken cancel);

    /// <summary>Stops the sandbox; its address may be reused after this.</summary>
    Task StopAsync(string id, CancellationToken cancel);

    /// <summary>Removes a sandbox (stopping it first) with its record; its containers must be gone.</summary>
    Task RemoveAsync(string id, CancellationToken cancel);

    /// <summary>Connects to a TCP port.</summary>
    /// <param name="id">The sandbox.</param>
    /// <param name="address">An address to be reached from the node; empty is the loopback inside the sandbox's own network.</param>
    /// <param name="port">The port there.</param>
    /// <param name="cancel">Stops connecting.</param>
    /// <returns>The connection: its output is what the other end sends, and there is no exit code.</returns>
    /// <exception cref="RuntimeException">Nothing listens there; the message is <c>dial tcp ADDRESS: connect: REASON</c>.</exception>
    Task<IContainerSession> ConnectAsync(string id, string address, int port, CancellationToken cancel);
}
