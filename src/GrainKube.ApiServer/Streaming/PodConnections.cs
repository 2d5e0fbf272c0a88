using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Nodes;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.Streaming;

/// <summary>Opens TCP connections to pods through the kubelets of their nodes; no gateway needs a way to the pods of other nodes.</summary>
internal sealed partial class PodConnections(IGrainFactory grains, ILogger<PodConnections> logger, ILocalSiloDetails? silo = null)
{
    /// <param name="pod">A pod that has a node.</param>
    /// <param name="address">Where to connect from its node; empty is the loopback inside the pod.</param>
    /// <param name="port">The port there.</param>
    /// <exception cref="ApiException">The pod is not there, or nothing listens.</exception>
    public async Task<NodeConnection> OpenAsync(KubeObject pod, string address, int port)
    {
        var kubelet = grains.GetGrain<IKubeletGrain>(pod.As<V1Pod>().Spec.NodeName);
        var session = await kubelet.ConnectAsync(new PodConnectionRequest
        {
            Namespace = pod.Header.Namespace,
            Pod = pod.Header.Name,
            PodUid = pod.Header.Uid,
            Port = port,
            Address = address,
            Gateway = silo?.SiloAddress.ToParsableString() ?? "",
        });
        return new NodeConnection(kubelet, session, logger);
    }
}

/// <summary>A connection that a kubelet holds for us.</summary>
internal sealed partial class NodeConnection(IKubeletGrain kubelet, string session, ILogger logger) : IAsyncDisposable
{
    /// <summary>What the other end sends, to its end.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async IAsyncEnumerable<byte[]> ReadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var frame in kubelet.ReadOutputAsync(session, cancel).WithBatchSize(4).WithCancellation(cancel))
        {
            if (frame.Channel == StreamChannel.Error)
            {
                if (Spdy.SpdySession.PlainWords(frame.Data) is { Length: > 0 } words)
                {
                    throw new IOException(System.Text.Encoding.UTF8.GetString(words));
                }

                yield break;
            }

            yield return frame.Data;
        }
    }

    /// <summary>Sends; the bytes are not copied. An empty piece closes our side.</summary>
    public Task WriteAsync(byte[] piece) => kubelet.WriteInputAsync(session, piece);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await kubelet.CloseAsync(session);
        }
        catch (Exception error) when (error is ApiException or OrleansException or TimeoutException)
        {
            LogNotClosed(error, session);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Connection {Session} could not be closed; its kubelet drops it by itself")]
    private partial void LogNotClosed(Exception error, string session);
}
