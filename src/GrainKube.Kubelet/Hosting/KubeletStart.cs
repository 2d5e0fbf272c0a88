using GrainKube.Objects.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GrainKube.Kubelet.Hosting;

/// <summary>Wakes the kubelets of this process once its silo is up; retried in the background until they answer.</summary>
internal sealed partial class KubeletStart(IGrainFactory grains, IOptions<KubeletOptions> options, TimeProvider time, ILogger<KubeletStart> logger) : IStartupTask
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public Task Execute(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (settings.NodeName.Length == 0)
        {
            return Task.CompletedTask;
        }

        _ = Task.Run(() => StartAllAsync(settings, cancellationToken), CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StartAllAsync(KubeletOptions settings, CancellationToken cancel)
    {
        if (settings.HasNode)
        {
            await StartAsync(settings.NodeName, cancel);
        }

        for (var index = 0; index < settings.SimulatedNodes; index++)
        {
            await StartAsync(NodeNames.Simulated(settings.NodeName, index), cancel);
        }
    }

    private async Task StartAsync(string node, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<IKubeletGrain>(node).StartAsync();
                return;
            }
            catch (Exception failed)
            {
                // The membership may not show this silo yet.
                LogRetry(failed, node);
            }

            await Task.Delay(Pause, time, CancellationToken.None);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The kubelet of node {Node} did not start yet")]
    private partial void LogRetry(Exception exception, string node);
}
