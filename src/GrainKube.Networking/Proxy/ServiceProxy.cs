using GrainKube.Networking.Proxy.Connections;
using GrainKube.Networking.Proxy.Health;
using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Proxy.Services;
using GrainKube.Networking.Proxy.Views;
using Microsoft.Extensions.Logging;

namespace GrainKube.Networking.Proxy;

/// <summary>
/// Keeps this machine's rules as the services want them. It asks how services are, never what happened: changes that come close together are one transaction, and after a failure everything is put in
/// force anew. When it ends the rules stay: connections outlive a restart.
/// </summary>
internal sealed partial class ServiceProxy(
    IServiceView view, IProxyBackend backend, StaleFlows flows, PodBridge bridge, ForwardPassage passage, HealthPorts health, TimeProvider time, ILogger<ServiceProxy> logger)
{
    /// <summary>How long the first change waits for others.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    /// <summary>How often it is checked that nobody removed the rules.</summary>
    private static readonly TimeSpan Checking = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly Dictionary<ServiceName, ProxiedService> known = [];
    private HashSet<string> prepared = [];

    /// <summary>Called once, when the rules are in force for the first time.</summary>
    public event Func<Task>? FirstApplied;

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        await view.StartAsync(cancel);
        var pause = FirstPause;
        var replace = true;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await (replace ? ReplaceAsync(cancel) : UpdateAsync(cancel));
                (replace, pause) = (false, FirstPause);
                replace = !await WaitAsync(cancel);
            }
            catch (MachineException error)
            {
                LogFailed(error.Message);
                replace = true;
                await Task.Delay(pause, time, cancel);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <returns>False where the rules are no longer there.</returns>
    private async Task<bool> WaitAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var change = view.WaitAsync(patience.Token);
        using var check = new CancellationTokenSource(Checking, time);
        if (await Task.WhenAny(change, Task.Delay(Timeout.InfiniteTimeSpan, time, check.Token)) == change)
        {
            await change;
            await Task.Delay(Gathering, time, cancel);
            return true;
        }

        await patience.CancelAsync();
        await change.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        cancel.ThrowIfCancellationRequested();
        await passage.EnsureAsync(cancel);
        if (await backend.IsIntactAsync(cancel))
        {
            return true;
        }

        LogVanished();
        return false;
    }

    private async Task ReplaceAsync(CancellationToken cancel)
    {
        view.TakeChanged();
        var started = time.GetTimestamp();
        var gone = known.Keys.ToList();
        known.Clear();
        var all = Read(view.All());
        await passage.EnsureAsync(cancel);
        await PrepareBridgeAsync(cancel);
        await backend.ReplaceAsync(all, view.Ranges, cancel);
        await FollowUpAsync([.. all, .. gone.Where(name => !known.ContainsKey(name)).Select(name => new ProxiedService(name, []))], cancel);
        if (FirstApplied is { } first)
        {
            FirstApplied = null;
            await first();
        }

        LogReplaced(known.Count, time.GetElapsedTime(started).TotalMilliseconds);
    }

    private async Task UpdateAsync(CancellationToken cancel)
    {
        var names = view.TakeChanged();
        var before = names.Select(known.GetValueOrDefault).OfType<ProxiedService>().ToList();
        var changed = Read(names);
        await PrepareBridgeAsync(cancel);
        await backend.UpdateAsync(changed, view.Ranges, cancel);

        // Addresses that a service gave up have flows too.
        await FollowUpAsync(changed, cancel, before);
    }

    private List<ProxiedService> Read(IEnumerable<ServiceName> names)
    {
        var place = view.Place;
        var read = names.Select(name => ServiceReader.Read(name, view.Service(name), view.Slices(name), place)).ToList();
        foreach (var service in read)
        {
            if (service.Ports.IsEmpty)
            {
                known.Remove(service.Name);
            }
            else
            {
                known[service.Name] = service;
            }
        }

        return read;
    }

    // A pod must be able to reach itself by the time that a service leads there.
    private async Task PrepareBridgeAsync(CancellationToken cancel)
    {
        var local = known.Values.SelectMany(s => s.Ports).SelectMany(p => p.Cluster.Concat(p.Local)).Select(e => e.Address).Where(bridge.Has).ToHashSet(StringComparer.Ordinal);
        if (local.IsSubsetOf(prepared) || await bridge.PrepareAsync(cancel))
        {
            prepared = local;
        }
    }

    private async Task FollowUpAsync(IReadOnlyCollection<ProxiedService> changed, CancellationToken cancel, IReadOnlyCollection<ProxiedService>? before = null)
    {
        foreach (var service in changed)
        {
            health.Update(service);
        }

        try
        {
            await flows.ForgetAsync([.. (before ?? []).Select(WithoutEndpoints), .. changed], cancel);
        }
        catch (MachineException error)
        {
            // The rules stand; only old UDP flows go on where they went.
            LogFlowsKept(error.Message);
        }
    }

    // What is listed later counts: an address that is still the service's has its endpoints there.
    private static ProxiedService WithoutEndpoints(ProxiedService service) =>
        service with { Ports = [.. service.Ports.Select(port => port with { Cluster = [], Local = [], HasEndpoints = false })] };

    [LoggerMessage(Level = LogLevel.Information, Message = "Service proxy: {Count} services are in force after {Milliseconds:F0} ms")]
    private partial void LogReplaced(int count, double milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Service proxy: the rules could not be changed and are made anew: {Why}")]
    private partial void LogFailed(string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Service proxy: the rules were removed by somebody else and are made anew")]
    private partial void LogVanished();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Service proxy: old UDP flows could not be looked at: {Why}")]
    private partial void LogFlowsKept(string why);
}
