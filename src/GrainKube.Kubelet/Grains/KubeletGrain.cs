using System.Runtime.CompilerServices;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Hosting;
using GrainKube.Kubelet.Streams;
using GrainKube.Objects.Nodes;
using GrainKube.Objects.Placement;
using Orleans.Concurrency;

namespace GrainKube.Kubelet.Grains;

/// <summary>The door to a node's kubelet. The work is done by a <see cref="NodeAgent"/> outside the grain's turns.</summary>
[GrainType("kubelet")]
[Reentrant]
[NodePlacement]
[KeepAlive]
internal sealed class KubeletGrain(NodeAgentFactory agents, IClusterMembershipService membership, TimeProvider time) : Grain, IKubeletGrain
{
    private NodeAgent? agent;
    private StreamSessions? sessions;

    private NodeAgent Agent => agent ?? throw new InvalidOperationException("The grain is not active");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        agent = agents.Create(this.GetPrimaryKeyString());
        sessions = new StreamSessions(agent.Services, time);
        _ = agent.StartAsync();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (sessions is not null)
        {
            await sessions.DisposeAsync();
        }

        if (agent is not null)
        {
            await agent.DisposeAsync();
        }
    }

    public Task StartAsync()
    {
        _ = Agent.StartAsync();
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<byte[]> ReadLogsAsync(ContainerLogRequest request, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var consumer = ConsumerLife.Of(membership, request.Gateway);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, consumer.Ended);
        await foreach (var piece in LogReader.ReadAsync(Agent.Services, request, either.Token))
        {
            yield return piece;
        }
    }

    public async Task<string> OpenStreamsAsync(ContainerStreamRequest request)
    {
        var consumer = ConsumerLife.Of(membership, request.Gateway);
        try
        {
            return await sessions!.OpenAsync(request, consumer);
        }
        catch
        {
            consumer.Dispose();
            throw;
        }
    }

    public IAsyncEnumerable<StreamFrame> ReadOutputAsync(string session, CancellationToken cancel = default) => sessions!.ReadAsync(session, cancel);

    public Task WriteInputAsync(string session, byte[] data) => sessions!.WriteAsync(session, data);

    public Task ResizeAsync(string session, ushort width, ushort height) => sessions!.ResizeAsync(session, width, height);

    public Task CloseAsync(string session) => sessions!.CloseAsync(session);
}
