using System.Text;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Streams;
using GrainKube.Kubelet.Tests.Agent;
using GrainKube.Objects.Nodes;

namespace GrainKube.Kubelet.Tests.Streams;

public sealed class SessionsTests
{
    [Fact]
    public async Task A_session_echoes_its_input_and_ends_with_a_status()
    {
        await using var node = await RunningAsync();
        await using var sessions = new StreamSessions(node.Agent.Services, node.Time);
        var id = await sessions.OpenAsync(Request(node));
        await sessions.WriteAsync(id, "hi"u8.ToArray());
        await sessions.WriteAsync(id, []);
        var frames = await ReadAsync(sessions, id);
        Assert.Equal([(StreamChannel.Stdout, "hi"), (StreamChannel.Error, """{"metadata":{},"status":"Success"}""")], frames);
        await Assert.ThrowsAsync<ApiException>(() => sessions.WriteAsync(id, []));
    }

    [Fact]
    public async Task A_session_without_a_reader_is_dropped()
    {
        await using var node = await RunningAsync();
        await using var sessions = new StreamSessions(node.Agent.Services, node.Time);
        var id = await sessions.OpenAsync(Request(node));
        node.Time.Advance(TimeSpan.FromSeconds(30));
        var gone = await Assert.ThrowsAsync<ApiException>(() => sessions.WriteAsync(id, "x"u8.ToArray()));
        Assert.Equal(404, gone.Status.Code);
    }

    [Fact]
    public async Task A_size_or_an_input_that_comes_as_the_command_ends_does_no_harm()
    {
        await using var node = new TestNode(through: inner => new SeenRuntime(inner, containers: BusyTerminal.Over(inner.Containers)));
        await node.Agent.StartAsync();
        await RunAsync(node);
        await using var sessions = new StreamSessions(node.Agent.Services, node.Time);
        var id = await sessions.OpenAsync(Request(node) with { Tty = true });
        var (resize, write) = (sessions.ResizeAsync(id, 80, 25), sessions.WriteAsync(id, "x"u8.ToArray()));

        var frames = await ReadAsync(sessions, id);

        Assert.Equal([(StreamChannel.Error, """{"metadata":{},"status":"Success"}""")], frames);
        await resize;
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiException>(() => write)).Status.Code);
    }

    [Fact]
    public async Task A_container_that_does_not_run_is_not_found()
    {
        await using var node = await RunningAsync();
        await using var sessions = new StreamSessions(node.Agent.Services, node.Time);
        var failed = await Assert.ThrowsAsync<ApiException>(() => sessions.OpenAsync(Request(node) with { Container = "other" }));
        Assert.Equal((404, "container not found (\"other\")"), (failed.Status.Code, failed.Status.Message));
    }

    [Fact]
    public async Task Logs_of_what_has_not_started_say_why()
    {
        await using var node = await TestNode.StartAsync();
        node.Apply("""{"containers":[{"name":"web","image":"registry.invalid/x:1"}]}""");
        await node.UntilAsync(s => s["containerStatuses"]?[0]!["state"]!["waiting"]?["reason"]?.GetValue<string>() == "ImagePullBackOff");
        var failed = await Assert.ThrowsAsync<ApiException>(() => LogAsync(node, previous: false));
        Assert.Equal("container \"web\" in pod \"web\" is waiting to start: trying and failing to pull image", failed.Message);
        failed = await Assert.ThrowsAsync<ApiException>(() => LogAsync(node, previous: true));
        Assert.Equal("previous terminated container \"web\" in pod \"web\" not found", failed.Message);
    }

    [Fact]
    public async Task Following_a_log_ends_with_the_container()
    {
        await using var node = await RunningAsync();
        var follow = LogAsync(node, previous: false, follow: true);
        await node.Runtime.Containers.StopAsync((await node.ContainersAsync()).Single().Id, TimeSpan.Zero, CancellationToken.None);
        await follow.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static async Task<TestNode> RunningAsync()
    {
        var node = await TestNode.StartAsync();
        await RunAsync(node);
        return node;
    }

    private static async Task RunAsync(TestNode node)
    {
        node.Apply("""{"restartPolicy":"Never","containers":[{"name":"web","image":"nginx"}]}""");
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
    }

    private static string Uid(TestNode node) => node.View.Get(Keys.Pod("default", "web"))!.Header.Uid;

    private static ContainerStreamRequest Request(TestNode node) => new()
    {
        Namespace = "default", Pod = "web", PodUid = Uid(node), Container = "web", Command = ["cat"], Stdin = true, Stdout = true,
    };

    private static async Task LogAsync(TestNode node, bool previous, bool follow = false)
    {
        var request = new ContainerLogRequest { Namespace = "default", Pod = "web", PodUid = Uid(node), Container = "web", Previous = previous, Follow = follow };
        await foreach (var piece in LogReader.ReadAsync(node.Agent.Services, request, CancellationToken.None))
        {
            Assert.NotEmpty(piece);
        }
    }

    private static async Task<List<(StreamChannel, string)>> ReadAsync(StreamSessions sessions, string id)
    {
        var frames = new List<(StreamChannel, string)>();
        await foreach (var frame in sessions.ReadAsync(id, CancellationToken.None))
        {
            frames.Add((frame.Channel, Encoding.UTF8.GetString(frame.Data)));
        }

        return frames;
    }
}
