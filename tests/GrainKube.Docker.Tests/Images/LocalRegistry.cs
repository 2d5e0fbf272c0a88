using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.Docker.Pause;

namespace GrainKube.Docker.Tests.Images;

/// <summary>A registry on loopback with one image, and optionally a password. The engine takes 127.0.0.0/8 without TLS.</summary>
internal sealed class LocalRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private readonly HttpListener listener = new();
    private readonly Dictionary<string, (string Type, byte[] Content)> content = [];
    private readonly string? authorization;
    private readonly Task serving;

    public LocalRegistry(string architecture, string? username = null, string? password = null)
    {
        authorization = username is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"));
        var layer = Layer(architecture);
        var config = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Entrypoint"] = new JsonArray("/pause"), ["User"] = "nobody", ["Labels"] = new JsonObject { ["id"] = Guid.NewGuid().ToString() } },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(layer)) },
        }.ToJsonString());
        var manifest = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Blob("application/vnd.docker.container.image.v1+json", config),
            ["layers"] = new JsonArray(Blob("application/vnd.docker.image.rootfs.diff.tar", layer)),
        }.ToJsonString());
        content["/v2/"] = ("application/json", "{}"u8.ToArray());
        content["/v2/team/app/manifests/v1"] = content[$"/v2/team/app/manifests/{Digest(manifest)}"] = (ManifestType, manifest);
        ManifestDigest = Digest(manifest);

        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Host = free.LocalEndpoint.ToString()!;
        }

        listener.Prefixes.Add($"http://{Host}/");
        listener.Start();
        serving = ServeAsync();
    }

    public string Host { get; }

    public string ManifestDigest { get; }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
    }

    private static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Layer(string architecture)
    {
        using var buffer = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(buffer, leaveOpen: true))
        {
            tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "pause")
            {
                Mode = (UnixFileMode)0b111_101_101,
                DataStream = new MemoryStream(PauseProgram.For(architecture)),
            });
        }

        return buffer.ToArray();
    }

    private JsonObject Blob(string type, byte[] bytes)
    {
        content[$"/v2/team/app/blobs/{Digest(bytes)}"] = ("application/octet-stream", bytes);
        return new JsonObject { ["mediaType"] = type, ["size"] = bytes.Length, ["digest"] = Digest(bytes) };
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                Answer(await listener.GetContextAsync());
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private void Answer(HttpListenerContext context)
    {
        using var response = context.Response;
        if (authorization is not null && context.Request.Headers["Authorization"] != authorization)
        {
            response.StatusCode = 401;
            response.AddHeader("WWW-Authenticate", "Basic realm=\"test\"");
        }
        else if (content.TryGetValue(context.Request.Url!.AbsolutePath, out var found))
        {
            response.ContentType = found.Type;
            response.AddHeader("Docker-Content-Digest", Digest(found.Content));
            response.ContentLength64 = found.Content.Length;
            if (context.Request.HttpMethod != "HEAD")
            {
                response.OutputStream.Write(found.Content);
            }
        }
        else
        {
            response.StatusCode = 404;
            response.ContentType = "application/json";
            response.OutputStream.Write("""{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"""u8);
        }
    }
}
