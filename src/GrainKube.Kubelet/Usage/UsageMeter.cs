using System.Collections.Concurrent;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Runtime;
using GrainKube.Objects.Nodes;

namespace GrainKube.Kubelet.Usage;

/// <summary>Measures what a node's pods use, only when somebody asks: an idle node pays nothing for it.</summary>
internal sealed class UsageMeter(NodeServices services)
{
    /// <summary>An answer is good for this long.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>A sample older than this is no start of a window.</summary>
    private static readonly TimeSpan LongestWindow = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim turn = new(1);
    private UsageSample? last;
    private NodeUsage? answer;

    public async Task<NodeUsage> ReadAsync()
    {
        await turn.WaitAsync();
        try
        {
            var now = services.Time.GetUtcNow();
            if (answer is not null && now - answer.Time < Fresh)
            {
                return answer;
            }

            if (last is null || now - last.Time > LongestWindow)
            {
                last = await SampleAsync();
                await Task.Delay(ShortestWindow, services.Time);
            }

            var sample = await SampleAsync();
            answer = sample.Since(last);
            last = sample;
            return answer;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<UsageSample> SampleAsync()
    {
        var found = new ConcurrentDictionary<string, (ContainerState, ContainerUsage)>();
        var pods = await services.Picture.GetAllAsync(CancellationToken.None);
        await Task.WhenAll(pods.Values.SelectMany(p => p.Containers).Where(c => c.Phase == ContainerPhase.Running).Select(async container =>
        {
            if (await services.Runtime.Containers.GetUsageAsync(container.Id, CancellationToken.None) is { } usage)
            {
                found[container.Id] = (container, usage);
            }
        }));
        return new UsageSample(services.Time.GetUtcNow(), services.Options.Simulated ? null : HostUsage.Read(), found);
    }
}
