using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using GrainKube.Objects.Encryption.Kms.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace GrainKube.Objects.Tests.Encryption.Kms;

/// <summary>A KMS plugin on a Unix socket. It keeps no keys: each key id is the secret that its key is made from.</summary>
internal sealed class TestPlugin(string socket) : IAsyncDisposable
{
    private WebApplication? app;
    private int statuses;
    private int decrypts;

    /// <summary>As the configuration names it.</summary>
    public string Endpoint => $"unix://{socket}";

    public string Version { get; set; } = "v2";

    public string Healthz { get; set; } = "ok";

    public string KeyId { get; set; } = "key-1";

    /// <summary>What Encrypt says the key is; null for the truth.</summary>
    public string? EncryptKeyId { get; set; }

    /// <summary>What Decrypt answers; null for the truth.</summary>
    public byte[]? DecryptsTo { get; set; }

    public Dictionary<string, string> Annotations { get; } = new() { ["version.test.example.com"] = "1" };

    /// <summary>It takes calls and does not answer.</summary>
    public bool Hangs { get; set; }

    public int Statuses => statuses;

    public int Decrypts => decrypts;

    public async Task<TestPlugin> StartAsync()
    {
        File.Delete(socket);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2));
        app = builder.Build();
        app.Run(ServeAsync);
        await app.StartAsync();
        return this;
    }

    /// <summary>Goes, and lets what is connected go with it.</summary>
    public async Task StopAsync()
    {
        if (app is not null)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await app.StopAsync(now.Token);
            await app.DisposeAsync();
            app = null;
            File.Delete(socket);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task ServeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var message = body.ToArray().AsSpan(5).ToArray(); // behind a byte that says "not compressed" and four of length
        IMessage? answer;
        try
        {
            answer = await AnswerAsync(context.Request.Path.Value!, message, context.RequestAborted);
        }
        catch (CryptographicException wrong)
        {
            (answer, context.Response.Headers.GrpcMessage) = (null, Uri.EscapeDataString(wrong.Message));
        }

        context.Response.ContentType = "application/grpc";
        if (answer is null)
        {
            context.Response.Headers.GrpcStatus = ((int)StatusCode.InvalidArgument).ToString();
            return;
        }

        var bytes = answer.ToByteArray();
        var head = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), bytes.Length);
        await context.Response.Body.WriteAsync((byte[])[.. head, .. bytes]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private async Task<IMessage> AnswerAsync(string path, byte[] message, CancellationToken gone)
    {
        _ = path.EndsWith("/Status", StringComparison.Ordinal) ? Interlocked.Increment(ref statuses)
            : path.EndsWith("/Decrypt", StringComparison.Ordinal) ? Interlocked.Increment(ref decrypts) : 0;

        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, gone);
        }

        switch (path)
        {
            case "/v2.KeyManagementService/Status":
                return new StatusResponse { Version = Version, Healthz = Healthz, KeyId = KeyId };
            case "/v2.KeyManagementService/Encrypt":
                var made = new EncryptResponse { Ciphertext = ByteString.CopyFrom(Seal(KeyId, EncryptRequest.Parser.ParseFrom(message).Plaintext.Span)), KeyId = EncryptKeyId ?? KeyId };
                foreach (var (name, value) in Annotations)
                {
                    made.Annotations[name] = ByteString.CopyFromUtf8(value);
                }

                return made;
            case "/v2.KeyManagementService/Decrypt":
                var asked = DecryptRequest.Parser.ParseFrom(message);
                return new DecryptResponse { Plaintext = ByteString.CopyFrom(DecryptsTo ?? Open(asked.KeyId, asked.Ciphertext.Span)) };
            default:
                throw new CryptographicException($"no method {path}");
        }
    }

    public static byte[] Seal(string keyId, ReadOnlySpan<byte> plain)
    {
        var box = new byte[12 + plain.Length + 16];
        using var aes = new AesGcm(SHA256.HashData(Encoding.UTF8.GetBytes(keyId)), 16);
        aes.Encrypt(box.AsSpan(0, 12), plain, box.AsSpan(12, plain.Length), box.AsSpan(12 + plain.Length));
        return box;
    }

    private static byte[] Open(string keyId, ReadOnlySpan<byte> box)
    {
        var plain = new byte[box.Length - 28];
        using var aes = new AesGcm(SHA256.HashData(Encoding.UTF8.GetBytes(keyId)), 16);
        aes.Decrypt(box[..12], box[12..^16], box[^16..], plain);
        return plain;
    }
}
