using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace GrainKube.Networking.Tests.Ingress.Doors;

public sealed class IngressDoorTests : IAsyncLifetime
{
    private DoorBench doors = null!;

    public async Task InitializeAsync() => doors = await DoorBench.StartAsync();

    public async Task DisposeAsync() => await doors.DisposeAsync();

    [Fact]
    public async Task A_request_reaches_its_backend_with_its_host_and_who_asked()
    {
        await PublishAsync("web.example");
        using var client = doors.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://web.example:{doors.Port}/a%20b?c=d") { Headers = { { "X-Forwarded-For", "9.9.9.9" } } };

        using var answer = await client.SendAsync(request);

        var host = $"web.example:{doors.Port}";
        Assert.Equal($"one HTTP/1.1 {host} /a%20b?c=d for=127.0.0.1 proto=http host={host}", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Nobody_is_404_and_a_service_without_endpoints_503()
    {
        doors.World.Service("empty", 80, []).Ingress(("empty.example", "/", "Prefix", "empty"));
        doors.Publish();
        using var client = doors.Client();

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"http://other.example:{doors.Port}/")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync($"http://empty.example:{doors.Port}/")).StatusCode);
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_is_passed_over()
    {
        await PublishAsync("web.example");
        doors.World.Service("web", 80, ["127.0.0.1", "127.0.0.77"], await doors.BackendAsync("two"));
        doors.Publish();
        using var client = doors.Client();

        for (var i = 0; i < 4; i++)
        {
            Assert.StartsWith("two ", await client.GetStringAsync($"http://web.example:{doors.Port}/"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_WebSocket_goes_through()
    {
        await PublishAsync("web.example");
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", "web.example");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{doors.Port}/ws"), CancellationToken.None);

        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);

        var buffer = new byte[100];
        var got = await socket.ReceiveAsync(buffer, CancellationToken.None);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, got.Count));
    }

    [Fact]
    public async Task HTTP_2_comes_in_by_TLS_and_goes_on_where_the_service_speaks_it()
    {
        await PublishAsync("web.example");
        doors.World.Service("fast", 80, ["127.0.0.1"], await doors.BackendAsync("fast", HttpProtocols.Http2), protocol: "kubernetes.io/h2c").Ingress(("fast.example", "/", "Prefix", "fast"));
        doors.Publish();
        using var client = doors.Client();
        client.DefaultRequestVersion = HttpVersion.Version20;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        Assert.StartsWith("one HTTP/1.1 ", await client.GetStringAsync($"https://web.example:{doors.TlsPort}/"), StringComparison.Ordinal);
        Assert.StartsWith("fast HTTP/2 ", await client.GetStringAsync($"https://fast.example:{doors.TlsPort}/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_certificate_is_that_of_the_name_or_the_default_one()
    {
        await PublishAsync("web.example");
        doors.World.Add(Certificate("secret", "web.example")).Add(Certificate("wild", "*.wild.example"));
        doors.World.Ingresses[0].Spec.Tls =
        [
            new V1IngressTLS { Hosts = ["web.example"], SecretName = "secret" },
            new V1IngressTLS { Hosts = ["*.wild.example"], SecretName = "wild" },
            new V1IngressTLS { Hosts = ["missing.example"], SecretName = "missing" },
        ];
        doors.Publish();

        Assert.Equal("CN=web.example", await SubjectAsync("web.example"));
        Assert.Equal("CN=*.wild.example", await SubjectAsync("x.wild.example"));
        Assert.StartsWith("CN=GrainKube Ingress Default Certificate", await SubjectAsync("missing.example"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_request_is_lost_while_the_table_changes()
    {
        await PublishAsync("web.example");
        using var client = doors.Client();
        using var stop = new CancellationTokenSource();
        var changing = Task.Run(() =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                doors.World.Ingresses.RemoveRange(1, Math.Max(0, doors.World.Ingresses.Count - 20));
                doors.World.Ingress(($"h{i % 28}.example", "/", "Prefix", "web"));
                doors.Publish();
            }
        });

        for (var i = 0; i < 500; i++)
        {
            Assert.StartsWith("one ", await client.GetStringAsync($"http://web.example:{doors.Port}/{i}"), StringComparison.Ordinal);
        }

        await stop.CancelAsync();
        await changing;
    }

    [Fact]
    public async Task A_taken_port_is_an_error_that_can_be_tried_again()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();

        await Assert.ThrowsAsync<IOException>(() => doors.OpenAsync((IPEndPoint)holder.LocalEndpoint));
    }

    private async Task PublishAsync(string host)
    {
        doors.World.Service("web", 80, ["127.0.0.1"], await doors.BackendAsync("one")).Ingress((host, "/", "Prefix", "web"));
        doors.Publish();
    }

    private async Task<string> SubjectAsync(string host)
    {
        var subject = "";
        using var client = doors.Client(ssl => ssl.RemoteCertificateValidationCallback = (_, certificate, _, _) => (subject = certificate!.Subject).Length > 0);
        await client.GetAsync($"https://{host}:{doors.TlsPort}/");
        return subject;
    }

    private static V1Secret Certificate(string name, string host)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
            Data = new Dictionary<string, byte[]>
            {
                ["tls.crt"] = Encoding.ASCII.GetBytes(made.ExportCertificatePem()),
                ["tls.key"] = Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()),
            },
        };
    }
}
