using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GrainKube.Hosting.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.Hosting.Tests.Connections;

public sealed class TlsConnectionsTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task What_is_sent_comes_back_whole_in_both_versions(string version)
    {
        await using var server = await TlsServer.StartAsync(async context =>
        {
            using var all = new MemoryStream();
            await context.Request.Body.CopyToAsync(all); // the client reads nothing before it has sent everything
            await context.Response.Body.WriteAsync(all.ToArray());
        });
        using var client = server.Client(Version.Parse(version));
        foreach (var length in (int[])[0, 1, 5_000, 3_000_000, 17])
        {
            var sent = RandomNumberGenerator.GetBytes(length);
            using var answer = await client.PostAsync("/", new ByteArrayContent(sent));
            Assert.Equal(Version.Parse(version), answer.Version);
            Assert.Equal(sent, await answer.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Many_at_once_get_their_own_answers(string version)
    {
        await using var server = await TlsServer.StartAsync(context => context.Response.WriteAsync(new string((char)('a' + (context.Request.Path.Value!.Length % 26)), 20_000)));
        using var client = server.Client(Version.Parse(version));
        await Parallel.ForAsync(1, 200, async (i, cancel) =>
        {
            var text = await client.GetStringAsync("/" + new string('x', i), cancel);
            Assert.Equal(new string((char)('a' + ((i + 1) % 26)), 20_000), text);
        });
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_client_that_leaves_a_silent_answer_is_noticed(string version)
    {
        var noticed = new TaskCompletionSource();
        await using var server = await TlsServer.StartAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            context.RequestAborted.Register(noticed.SetResult);
            await noticed.Task;
        });
        using (var client = server.Client(Version.Parse(version)))
        {
            using var answer = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        }

        await noticed.Task.WaitAsync(Bound);
    }

    [Fact]
    public async Task A_slow_reader_gets_everything_and_holds_back_the_sender()
    {
        const int size = 16_000_000; // more than the sockets between them hold
        var held = new TaskCompletionSource<bool>();
        await using var server = await TlsServer.StartAsync(async context =>
        {
            context.Response.BodyWriter.Write(Enumerable.Repeat((byte)'x', size).ToArray());
            var flush = context.Response.BodyWriter.FlushAsync();
            held.SetResult(!flush.IsCompleted);
            await flush;
            context.Response.BodyWriter.Write("done"u8);
        });
        using var client = server.Client(HttpVersion.Version11);
        using var answer = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        Assert.True(await held.Task.WaitAsync(Bound));
        var all = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(size + 4, all.Length);
        Assert.Equal("xdone", Encoding.ASCII.GetString(all[^5..]));
    }

    [Fact]
    public async Task Who_gives_up_waiting_for_a_reader_that_does_not_read_is_free()
    {
        var free = new TaskCompletionSource();
        await using var server = await TlsServer.StartAsync(async context =>
        {
            context.Response.BodyWriter.Write(new byte[16_000_000]);
            using var impatient = new CancellationTokenSource();
            var flush = context.Response.BodyWriter.FlushAsync(impatient.Token);
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await flush);
            free.SetResult();
        });
        await using var tls = await TlsServer.SecureAsync(await server.ConnectAsync());
        await tls.WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await free.Task.WaitAsync(Bound);
    }

    [Fact]
    public async Task The_end_of_a_connection_is_said_and_not_only_done()
    {
        await using var server = await TlsServer.StartAsync(context => context.Response.WriteAsync("bye"));
        await using var tls = await TlsServer.SecureAsync(await server.ConnectAsync());
        await tls.WriteAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(tls);
        var text = await reader.ReadToEndAsync().WaitAsync(Bound); // an end that is not said is an IOException
        Assert.Contains("\r\nbye\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_sent_without_waiting_are_answered_in_order()
    {
        await using var server = await TlsServer.StartAsync(context => context.Response.WriteAsync($"<{context.Request.Path}>"));
        await using var tls = await TlsServer.SecureAsync(await server.ConnectAsync());
        var requests = string.Concat(Enumerable.Range(0, 50).Select(i => $"GET /{i} HTTP/1.1\r\nHost: x\r\n{(i == 49 ? "Connection: close\r\n" : "")}\r\n"));
        await tls.WriteAsync(Encoding.ASCII.GetBytes(requests));
        var text = await new StreamReader(tls).ReadToEndAsync().WaitAsync(Bound);
        var answers = text.Split('<').Skip(1).Select(part => part[..part.IndexOf('>')]);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"/{i}"), answers);
    }

    [Fact]
    public async Task The_certificate_of_a_client_is_seen()
    {
        await using var server = await TlsServer.StartAsync(context => context.Response.WriteAsync($"{context.Request.Scheme} {context.Connection.ClientCertificate?.Subject}"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=me", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue.AddYears(-1));
        using var own = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        using var known = server.Client(HttpVersion.Version20, own);
        using var unknown = server.Client(HttpVersion.Version20);
        Assert.Equal("https CN=me", await known.GetStringAsync("/"));
        Assert.Equal("https ", await unknown.GetStringAsync("/"));
    }

    [Fact]
    public async Task Who_does_not_speak_TLS_is_shown_out()
    {
        await using var server = await TlsServer.StartAsync(_ => throw new InvalidOperationException("no request can come of this"));
        using var socket = await server.ConnectAsync();
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        Assert.True(await EndsAsync(socket));
    }

    [Fact]
    public async Task Who_says_nothing_is_shown_out_after_ten_seconds()
    {
        var time = new FakeTimeProvider();
        await using var server = await TlsServer.StartAsync(_ => Task.CompletedTask, time);
        using var socket = await server.ConnectAsync();
        var ends = EndsAsync(socket);
        while (!ends.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(10)); // until it has been accepted
            await Task.Yield();
        }

        Assert.True(await ends);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_as_such()
    {
        await using var server = await TlsServer.StartAsync(_ => Task.CompletedTask);
        await Assert.ThrowsAsync<AddressInUseException>(async () => await new TlsListenerFactory(new Pools()).BindAsync(new IPEndPoint(IPAddress.Loopback, server.Port)));
    }

    private sealed class Pools : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => MemoryPool<byte>.Shared;
    }

    private static async Task<bool> EndsAsync(System.Net.Sockets.Socket socket)
    {
        var buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer).WaitAsync(Bound) > 0)
            {
                // an alert, perhaps
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // a reset ends it as well
        }

        return true;
    }
}
