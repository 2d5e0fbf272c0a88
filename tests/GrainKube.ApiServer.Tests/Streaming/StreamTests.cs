using System.Net.WebSockets;
using System.Text;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Streaming;

[Collection(ApiCollection.Name)]
public sealed class StreamTests(ApiWorld world)
{
    [Fact]
    public async Task Logs_come_from_the_kubelet_of_the_pods_node()
    {
        var pod = await PodAsync("c");
        using var answer = await world.SendRawAsync("GET", $"{pod}/log?tailLines=5&previous=true");
        Assert.Equal("first line of p/c\ntail=5 previous=True\n", await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("", 400, "a container name must be specified for pod p, choose one of: [a b]")]
    [InlineData("?container=x", 400, "container x is not valid for pod p")]
    [InlineData("?container=a&tailLines=-1", 422, "tailLines: Invalid value: -1: must be greater than or equal to 0")]
    public async Task Wrong_questions_are_refused(string query, int code, string text)
    {
        var (actual, status) = await world.SendAsync("GET", $"{await PodAsync("a", "b")}/log{query}");
        Assert.Equal(code, actual);
        Assert.Contains(text, (string?)status["message"]);
    }

    [Fact]
    public async Task An_error_of_the_kubelet_is_the_clients_status()
    {
        var (code, status) = await world.SendAsync("GET", $"{await PodAsync("waiting")}/log");
        Assert.Equal((400, "container \"waiting\" in pod \"p\" is waiting to start: ContainerCreating"), (code, (string?)status["message"]));
    }

    [Theory]
    [InlineData("v5.channel.k8s.io")]
    [InlineData("v4.channel.k8s.io")]
    public async Task A_commands_output_ends_with_its_exit_code(string protocol)
    {
        using var socket = await ExecAsync(await PodAsync("c"), protocol, "command=echo&command=hi&stdout=true&stderr=true");
        Assert.Equal(protocol, socket.SubProtocol);
        Assert.Equal((1, ""), await ReceiveAsync(socket));
        Assert.Equal((1, "echo hi"), await ReceiveAsync(socket));
        var (channel, status) = await ReceiveAsync(socket);
        Assert.Equal(3, channel);
        Assert.Contains("NonZeroExitCode", status);
    }

    [Fact]
    public async Task Input_flows_until_the_client_closes_it()
    {
        using var socket = await ExecAsync(await PodAsync("c"), "v5.channel.k8s.io", "command=cat&stdin=true&stdout=true&tty=true");
        Assert.Equal((1, ""), await ReceiveAsync(socket));
        await socket.SendAsync((byte[])[4, .. """{"Width":80,"Height":24}"""u8], WebSocketMessageType.Binary, true, default);
        Assert.Equal((1, "80x24"), await ReceiveAsync(socket));
        await socket.SendAsync((byte[])[0, .. "abc"u8], WebSocketMessageType.Binary, true, default);
        Assert.Equal((1, "ABC"), await ReceiveAsync(socket));
        await socket.SendAsync((byte[])[255, 0], WebSocketMessageType.Binary, true, default);
        Assert.Equal(3, (await ReceiveAsync(socket)).Channel);
    }

    [Fact]
    public async Task A_pod_without_a_node_cannot_be_entered()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateAsync($"/api/v1/namespaces/{ns}/pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        var (code, status) = await world.SendAsync("GET", $"/api/v1/namespaces/{ns}/pods/p/exec?command=ls&stdout=true");
        Assert.Equal((400, "pod p does not have a host assigned"), (code, (string?)status["message"]));
    }

    private async Task<ClientWebSocket> ExecAsync(string pod, string protocol, string query)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        await socket.ConnectAsync(new Uri($"ws://{world.Address.Authority}{pod}/exec?{query}"), default);
        return socket;
    }

    private static async Task<(int Channel, string Text)> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var part = await socket.ReceiveAsync(buffer, default).WaitAsync(TimeSpan.FromSeconds(60));
        return (buffer[0], Encoding.UTF8.GetString(buffer, 1, part.Count - 1));
    }

    /// <summary>A pod on a node; each node has its own kubelet grain in the world's silo.</summary>
    private async Task<string> PodAsync(params string[] containers)
    {
        var ns = await world.NamespaceAsync();
        var list = string.Join(',', containers.Select(name => $$"""{"name":"{{name}}","image":"i"}"""));
        await world.CreateAsync($"/api/v1/namespaces/{ns}/pods", $$"""{"metadata":{"name":"p"},"spec":{"nodeName":"n-{{ns}}","containers":[{{list}}]} }""");
        return $"/api/v1/namespaces/{ns}/pods/p";
    }
}
