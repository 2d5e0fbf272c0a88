using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Streams;

namespace GrainKube.Kubelet.Hosting;

/// <summary>
/// The agents of this process's nodes. They live as long as the silo, not as long as an activation of their grain: Orleans ends activations when some other silo dies that kept their
/// directory entry, and that must stop neither pods from being looked after nor sessions.
/// </summary>
internal sealed class NodeAgents : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly NodeAgentFactory factory;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<string, Lazy<Entry>> entries = new(StringComparer.Ordinal);

    public NodeAgents(NodeAgentFactory factory, TimeProvider time)
    {
        (this.factory, this.time) = (factory, time);
        KubeletTelemetry.Meter.CreateObservableGauge(
            "kubelet_running_pods",
            () => entries.Where(e => e.Value.IsValueCreated).Select(e => new Measurement<int>(e.Value.Value.Agent.Pods, new KeyValuePair<string, object?>("node", e.Key))));
    }

    /// <summary>The node's agent, started if it was not.</summary>
    /// <exception cref="InvalidOperationException">The node is not one of this process.</exception>
    public NodeAgent Start(string node)
    {
        var agent = EntryOf(node).Agent;
        _ = agent.StartAsync();
        return agent;
    }

    /// <summary>The node's open sessions.</summary>
    public StreamSessions SessionsOf(string node) => EntryOf(node).Sessions;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(NodeAgents), ServiceLifecycleStage.Active, _ => Task.CompletedTask, StopAsync);

    private Entry EntryOf(string node) => entries.GetOrAdd(node, static (name, self) => new Lazy<Entry>(() => self.Create(name)), this).Value;

    private Entry Create(string node)
    {
        var agent = factory.Create(node);
        return new Entry(agent, new StreamSessions(agent.Services, time));
    }

    // While object grains still answer: what is under way may be finished.
    private Task StopAsync(CancellationToken cancel) => Task.WhenAll(entries.Values.Where(e => e.IsValueCreated).Select(async lazy =>
    {
        await lazy.Value.Sessions.DisposeAsync();
        await lazy.Value.Agent.DisposeAsync();
    }));

    private sealed record Entry(NodeAgent Agent, StreamSessions Sessions);
}
