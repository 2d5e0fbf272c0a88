using System.Net;
using System.Net.Sockets;
using System.Text;
using GrainKube.Kubelet.Probes;

namespace GrainKube.Kubelet.Tests.Probes;

public sealed class NetworkProberTests
{
    [Theory]
    [InlineData("200 OK", "", true, false, "")]
    [InlineData("503 Busy", "", false, false, "HTTP probe failed with statuscode: 503")]
    [InlineData("302 Found", "Location: http://0.0.0.0/\r\n", true, true, "Probe terminated redirects, Response body: moved")]
    [InlineData("304 Not Modified", "", true, true, "Probe terminated redirects, Response body: ")]
    [InlineData("302 Found", "Location: /again\r\n", false, false, "Get \"http://127.0.0.1:PORT/again\": stopped after 10 redirects")]
    public async Task An_answer_is_judged_as_upstream_does(string status, string header, bool good, bool warning, string output)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        using var over = new CancellationTokenSource();
        var body = status.StartsWith("304", StringComparison.Ordinal) ? "" : "moved";
        var serving = ServeAsync(server, $"HTTP/1.1 {status}\r\n{header}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}", over.Token);
        using var prober = new NetworkProber(TimeProvider.System);
        var outcome = await prober.HttpAsync(new HttpProbe("http", "127.0.0.1", port, "/", []), TimeSpan.FromSeconds(20), CancellationToken.None);
        await over.CancelAsync();
        await serving;
        Assert.Equal((good, warning, output.Replace("PORT", $"{port}", StringComparison.Ordinal)), (outcome.Success, outcome.Warning, outcome.Output));
    }

    [Theory]
    [InlineData(0, "0000000000")]
    [InlineData(1, "00000000030A0161")]
    public void The_question_of_a_grpc_probe_is_a_frame_with_the_services_name(int length, string start) =>
        Assert.Equal(start, Convert.ToHexString(GrpcHealth.Message(new string('a', length))));

    [Fact]
    public void A_long_name_has_a_long_length() =>
        Assert.Equal("00000000CB0AC80161", Convert.ToHexString(GrpcHealth.Message(new string('a', 200))[..9]));

    private static async Task ServeAsync(TcpListener server, string answer, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                using var client = await server.AcceptTcpClientAsync(cancel);
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
                while (await reader.ReadLineAsync(cancel) is { Length: > 0 })
                {
                }

                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // The question was answered.
        }
    }
}
