using System.Runtime.CompilerServices;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Hosting;
using GrainKube.Kubelet.Questions;
using GrainKube.Kubelet.Streams;
using GrainKube.Kubelet.Volumes;
using GrainKube.Objects.Nodes;
using GrainKube.Objects.Placement;
using Orleans.Concurrency;

namespace GrainKube.Kubelet.Grains;

/// <summary>The door to a node's kubelet. The work is done by a <see cref="NodeAgent"/> outside the grain.</summary>
[GrainType("kubelet")]
[Reentrant]
[NodePlacement]
[KeepAlive]
internal sealed class KubeletGrain(NodeAgents agents, IClusterMembershipService membership) : Grain, IKubeletGrain
{
    private StreamSessions Sessions => agents.SessionsOf(this.GetPrimaryKeyString());

    public Task StartAsync()
    {
        agents.Start(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<byte[]> ReadLogsAsync(ContainerLogRequest request, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var consumer = ConsumerLife.Of(membership, request.Gateway);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, consumer.Ended);
        await foreach (var piece in LogReader.ReadAsync(agents.Start(this.GetPrimaryKeyString()).Services, request, either.Token))
        {
            yield return piece;
        }
    }

    public Task<string> OpenStreamsAsync(ContainerStreamRequest request) => WithConsumerAsync(request.Gateway, consumer => Sessions.OpenAsync(request, consumer));

    public Task<string> ConnectAsync(PodConnectionRequest request) => WithConsumerAsync(request.Gateway, consumer => Sessions.ConnectAsync(request, consumer));

    public Task<NodeAnswer> AskAsync(string path, CancellationToken cancel = default)
    {
        var agent = agents.Start(this.GetPrimaryKeyString());
        return NodeQuestions.AnswerAsync(agent.Services, agent.Usage, path, cancel);
    }

    public IAsyncEnumerable<StreamFrame> ReadOutputAsync(string session, CancellationToken cancel = default) => Sessions.ReadAsync(session, cancel);

    public Task WriteInputAsync(string session, byte[] data) => Sessions.WriteAsync(session, data);

    public Task ResizeAsync(string session, ushort width, ushort height) => Sessions.ResizeAsync(session, width, height);

    public Task CloseAsync(string session) => Sessions.CloseAsync(session);

    public Task<string> MakeVolumeAsync(string volume) => Task.FromResult(LocalVolumes.Make(agents.Start(this.GetPrimaryKeyString()).Services.Options, volume));

    public Task RemoveVolumeAsync(string volume) => Task.Run(() => LocalVolumes.Remove(agents.Start(this.GetPrimaryKeyString()).Services.Options, volume));

    public Task RemoveHostPathAsync(string path) => Task.Run(() => HostPaths.Remove(agents.Start(this.GetPrimaryKeyString()).Services.Options, path));

    public Task<NodeUsage> GetUsageAsync() => agents.Start(this.GetPrimaryKeyString()).Usage.ReadAsync();

    private async Task<string> WithConsumerAsync(string gateway, Func<ConsumerLife, Task<string>> open)
    {
        var consumer = ConsumerLife.Of(membership, gateway);
        try
        {
            return await open(consumer);
        }
        catch
        {
            consumer.Dispose();
            throw;
        }
    }
}
