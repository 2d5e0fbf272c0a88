using GrainKube.ApiMachinery.Errors;

namespace GrainKube.Objects.Nodes;

/// <summary>
/// A node's kubelet, placed on that node's silo. Key: the node's name. Gateways reach containers through it; there is no kubelet port.
/// </summary>
/// <remarks>Reentrant: streams run side by side. Errors that the user is to see are <see cref="ApiException"/>.</remarks>
[Alias("kubelet")]
public interface IKubeletGrain : IGrainWithStringKey
{
    /// <summary>Makes the kubelet run on this silo; called at start and by its reminder.</summary>
    [Alias("start")]
    Task StartAsync();

    /// <summary>
    /// A container's log as bytes, framed as the client gets it; ends at its end, or never with <see cref="ContainerLogRequest.Follow"/> while the container lives. The first piece may be empty: it says that there is a log.
    /// </summary>
    [Alias("logs")]
    IAsyncEnumerable<byte[]> ReadLogsAsync(ContainerLogRequest request, CancellationToken cancel = default);

    /// <summary>Starts a command in a running container, or attaches to its main process. The session is dropped when its output stream ends or after 30 s without a reader.</summary>
    /// <returns>The session's id.</returns>
    [Alias("open")]
    Task<string> OpenStreamsAsync(ContainerStreamRequest request);

    /// <summary>Connects to a port of a pod. What the pod sends is the session's output (ended by a <see cref="StreamChannel.Error"/> frame), what is written goes to the pod.</summary>
    /// <returns>The session's id.</returns>
    [Alias("connect")]
    Task<string> ConnectAsync(PodConnectionRequest request);

    /// <summary>Answers what a kubelet's own port answers elsewhere: <c>/healthz</c>, <c>/pods</c>, <c>/stats/summary</c>, <c>/configz</c>, <c>/metrics/resource</c>.</summary>
    [Alias("ask")]
    Task<NodeAnswer> AskAsync(string path, CancellationToken cancel = default);

    /// <summary>The session's output in order; the last frame is <see cref="StreamChannel.Error"/> with the final <see cref="Status"/> as JSON.</summary>
    [Alias("output")]
    IAsyncEnumerable<StreamFrame> ReadOutputAsync(string session, CancellationToken cancel = default);

    /// <summary>Bytes for standard input; an empty array closes it.</summary>
    [Alias("input")]
    Task WriteInputAsync(string session, byte[] data);

    /// <summary>The terminal's new size.</summary>
    [Alias("resize")]
    Task ResizeAsync(string session, ushort width, ushort height);

    /// <summary>Ends the session: the command is killed if it still runs.</summary>
    [Alias("close")]
    Task CloseAsync(string session);

    /// <summary>Makes the directory of a volume on this node's disk; it may be there already.</summary>
    /// <param name="volume">Name of the volume.</param>
    /// <returns>Its absolute path on the node.</returns>
    [Alias("make-volume")]
    Task<string> MakeVolumeAsync(string volume);

    /// <summary>Removes the directory and all that is in it; it may be gone already.</summary>
    [Alias("remove-volume")]
    Task RemoveVolumeAsync(string volume);

    /// <summary>Removes what a <c>hostPath</c> volume with the reclaim policy Delete had on this node; it may be gone already.</summary>
    /// <param name="path">A path below <c>/tmp</c>.</param>
    [Alias("remove-host-path")]
    Task RemoveHostPathAsync(string path);

    /// <summary>What the node and its pods use. CPU is averaged over the time since the last question where that is short, otherwise over a second that the answer then takes.</summary>
    [Alias("usage")]
    Task<NodeUsage> GetUsageAsync();
}
