using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Images.Collection;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.PodStatus;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Runtime;
using Microsoft.Extensions.Logging;

namespace GrainKube.Kubelet.Agent;

/// <summary>What a node does every so often, whether or not anything happens.</summary>
/// <param name="services">The node.</param>
/// <param name="workers">Its pods' workers by uid.</param>
/// <param name="sweep">Finds what is left of pods that are gone.</param>
/// <param name="report">Writes the Node's status.</param>
internal sealed partial class NodeUpkeep(
    NodeServices services, IReadOnlyDictionary<string, PodWorker> workers, Func<CancellationToken, Task> sweep, Func<CancellationToken, Task> report) : IAsyncDisposable
{
    /// <summary>How often the node is searched for what is left of pods that are gone; upstream's.</summary>
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(1);

    private readonly List<Periodic> tasks = [];
    private readonly ILogger logger = services.Logs.CreateLogger<NodeUpkeep>();

    /// <summary>Begins. Safe to repeat.</summary>
    public void Start()
    {
        if (tasks.Count > 0)
        {
            return;
        }

        Every(services.Options.RelistPeriod, RelistAsync);
        if (services.Figures is null)
        {
            return; // a node that only pretends has no disk to fill, and there may be a thousand of them
        }

        var images = new ImageCollector(services);
        var pressure = new PressureManager(services, images, Evict, report);
        Every(SweepPeriod, sweep);
        Every(ImageCollector.Period, images.CollectAsync);
        Every(PressureManager.Period, pressure.LookAsync);
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(tasks.Select(task => task.DisposeAsync().AsTask()));

    private void Every(TimeSpan period, Func<CancellationToken, Task> work)
    {
        if (period > TimeSpan.Zero)
        {
            tasks.Add(new Periodic(services.Time, period, work, logger));
        }
    }

    private bool Evict(string uid, PodEnd end) => workers.TryGetValue(uid, out var worker) && worker.Evict(end);

    /// <summary>Wakes the pods of which something has ended without a word from the runtime.</summary>
    private async Task RelistAsync(CancellationToken cancel)
    {
        try
        {
            var asked = services.Time.GetTimestamp();
            var running = await services.Runtime.RunningAsync(cancel);
            foreach (var worker in workers.Values.Where(w => w.IsBehind(running, asked)))
            {
                LogUntold(worker.Key);
                worker.Wake();
            }
        }
        catch (RuntimeException)
        {
            // The events' connection tells of an engine that is away.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Something of pod {Pod} ended, and the runtime did not tell")]
    private partial void LogUntold(ObjectKey pod);
}
