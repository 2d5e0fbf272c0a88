using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GrainKube.Controllers.Tests.ApiServices;

/// <summary>An API server of somebody else: it keeps flunders in memory, believes the front proxy alone, and knows nothing of GrainKube.</summary>
internal sealed class ExtensionServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string group;
    private readonly ConcurrentDictionary<(string Namespace, string Name), JsonObject> flunders = new();
    private readonly ConcurrentDictionary<Channel<JsonObject>, string> watchers = new();
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> asked = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> gone = new();
    private X509Certificate2? proxyAuthority;
    private long revision = 100;

    private ExtensionServer(string group, X509Certificate2 certificate, string bundle)
    {
        (this.group, Bundle) = (group, bundle);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.ClientCertificateValidation = (shown, _, _) => Believes(shown);
        })));
        app = builder.Build();
        app.UseWebSockets();
        app.Run(ServeAsync);
    }

    /// <summary>Base64 of the authority that signed its certificate.</summary>
    public string Bundle { get; }

    public int Port { get; private set; }

    /// <summary>Discovery as servers before 1.26 have it: a document a version.</summary>
    public bool IsOld { get; init; }

    /// <summary>The code with which it answers every question for its discovery document, where that is not 200.</summary>
    public int DiscoveryCode { get; set; } = 200;

    /// <summary>Headers of the requests for flunders, names in lower case.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Asked => [.. asked];

    /// <param name="group">The group that it serves as <c>v1alpha1</c>.</param>
    /// <param name="name">The DNS name in its certificate.</param>
    /// <param name="proxyAuthority">PEM of the only authority whose clients it believes.</param>
    /// <param name="old">See <see cref="IsOld"/>.</param>
    public static async Task<ExtensionServer> StartAsync(string group, string name, string proxyAuthority, bool old = false)
    {
        var (bundle, certificate) = Certificates(name);
        var server = new ExtensionServer(group, certificate, bundle) { IsOld = old, proxyAuthority = X509Certificate2.CreateFromPem(proxyAuthority) };
        await server.app.StartAsync();
        server.Port = new Uri(server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        return server;
    }

    /// <summary>Completes when a flunder of this name has been deleted.</summary>
    public Task GoneAsync(string name) => gone.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private bool Believes(X509Certificate2 shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(proxyAuthority!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(shown) && shown.GetNameInfo(X509NameType.SimpleName, false) == "front-proxy-client";
    }

    private async Task ServeAsync(HttpContext http)
    {
        var headers = http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString());
        if (http.Connection.ClientCertificate is null || !headers.ContainsKey("x-remote-user"))
        {
            await AnswerAsync(http, 401, Status(401, "Unauthorized", "Unauthorized"));
            return;
        }

        switch (http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["apis"] when !IsOld:
                http.Response.Headers.ETag = "\"1\"";
                await AnswerAsync(http, DiscoveryCode, Groups(), "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
                break;
            case ["apis", var named, "v1alpha1"] when named == group:
                await AnswerAsync(http, DiscoveryCode, Resources());
                break;
            case ["openapi", "v2"]:
                await AnswerAsync(http, 200, Json($$"""
                    {"swagger":"2.0","paths":{"/apis/{{group}}/v1alpha1/flunders":{"get":{"responses":{"200":{"schema":{"$ref":"#/definitions/com.{{group}}.Flunder"} } } } },"/version":{"get":{} } },
                     "definitions":{"com.{{group}}.Flunder":{"type":"object","properties":{"metadata":{"$ref":"#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"} } },
                     "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta":{"type":"object","description":"an older one"},"unused":{"type":"object"} } }
                    """));
                break;
            case ["openapi", "v3"]:
                await AnswerAsync(http, 200, Json($$"""{"paths":{"apis/{{group}}/v1alpha1":{"serverRelativeURL":"/openapi/v3/apis/{{group}}/v1alpha1?hash=F00"},"version":{"serverRelativeURL":"/openapi/v3/version?hash=1"} } }"""));
                break;
            case ["openapi", "v3", "apis", _, _]:
                await AnswerAsync(http, 200, Json($$"""{"openapi":"3.0.0","info":{"title":"{{group}}"},"paths":{} }"""));
                break;
            case ["apis", _, _, "namespaces", var ns, "flunders", .. var rest]:
                asked.Enqueue(headers);
                await FlundersAsync(http, ns, rest);
                break;
            case ["apis", _, _, "flunders"]:
                await ListAsync(http, _ => true);
                break;
            case ["apis", _, _, "elsewhere"]:
                http.Response.Redirect("https://127.0.0.1:1/");
                break;
            default:
                await AnswerAsync(http, 404, Status(404, "NotFound", "the server could not find the requested resource"));
                break;
        }
    }

    private async Task FlundersAsync(HttpContext http, string ns, string[] rest)
    {
        if (rest is [_, "exec"])
        {
            await EchoAsync(http);
            return;
        }

        var name = rest.Length > 0 ? rest[0] : "";
        switch (http.Request.Method)
        {
            case "POST":
                var made = (JsonObject)(await JsonNode.ParseAsync(http.Request.Body))!;
                made["metadata"]!["namespace"] = ns;
                made["metadata"]!["uid"] = Guid.NewGuid().ToString();
                await AnswerAsync(http, 201, Put("ADDED", ns, made));
                break;
            case "GET" when http.Request.Query["watch"] == "true":
                await WatchAsync(http, ns);
                break;
            case "GET" when name.Length == 0:
                await ListAsync(http, f => f == ns);
                break;
            case "DELETE":
                foreach (var key in flunders.Keys.Where(k => k.Namespace == ns && (name.Length == 0 || k.Name == name)))
                {
                    flunders.TryRemove(key, out _);
                    gone.GetOrAdd(key.Name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
                }

                await AnswerAsync(http, 200, Status(200, "", ""));
                break;
            case "GET" when flunders.TryGetValue((ns, name), out var found):
                await AnswerAsync(http, 200, found);
                break;
            default:
                await AnswerAsync(http, 404, Status(404, "NotFound", $"flunders.{group} \"{name}\" not found"));
                break;
        }
    }

    private Task ListAsync(HttpContext http, Func<string, bool> ofNamespace)
    {
        var items = flunders.Where(f => ofNamespace(f.Key.Namespace)).OrderBy(f => f.Key.Name, StringComparer.Ordinal).Select(f => (JsonNode)f.Value.DeepClone()).ToArray();
        return AnswerAsync(http, 200, new JsonObject { ["kind"] = "FlunderList", ["apiVersion"] = $"{group}/v1alpha1", ["metadata"] = new JsonObject(), ["items"] = new JsonArray(items) });
    }

    private JsonObject Put(string type, string ns, JsonObject made)
    {
        made["metadata"]!["resourceVersion"] = $"{Interlocked.Increment(ref revision)}";
        flunders[(ns, (string)made["metadata"]!["name"]!)] = made;
        foreach (var watcher in watchers.Where(w => w.Value == ns))
        {
            watcher.Key.Writer.TryWrite(new JsonObject { ["type"] = type, ["object"] = made.DeepClone() });
        }

        return made;
    }

    private async Task WatchAsync(HttpContext http, string ns)
    {
        var events = Channel.CreateUnbounded<JsonObject>();
        watchers[events] = ns;
        http.Response.ContentType = "application/json";
        await http.Response.StartAsync();
        await http.Response.Body.FlushAsync();
        try
        {
            await foreach (var item in events.Reader.ReadAllAsync(http.RequestAborted))
            {
                await http.Response.WriteAsync(item.ToJsonString() + "\n");
                await http.Response.Body.FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            watchers.TryRemove(events, out _);
        }
    }

    private static async Task EchoAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync(http.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } got)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"echo {Encoding.UTF8.GetString(buffer, 0, got.Count)}"), WebSocketMessageType.Text, true, CancellationToken.None);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    private JsonObject Groups() => Json($$"""
        {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[{"metadata":{"name":"{{group}}"},"versions":[{"version":"v1alpha1","freshness":"Current",
         "resources":[{"resource":"flunders","responseKind":{"group":"{{group}}","version":"v1alpha1","kind":"Flunder"},"scope":"Namespaced","singularResource":"flunder","verbs":["create","delete","deletecollection","get","list"],"shortNames":["fl"]}]}]}]}
        """);

    private JsonObject Resources() => Json($$"""
        {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"{{group}}/v1alpha1","resources":[
         {"name":"flunders","singularName":"flunder","namespaced":true,"kind":"Flunder","verbs":["create","delete","deletecollection","get","list"],"shortNames":["fl"]},
         {"name":"flunders/status","singularName":"","namespaced":true,"kind":"Flunder","verbs":["get"]}]}
        """);

    private static JsonObject Status(int code, string reason, string message) => new()
    {
        ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = code < 300 ? "Success" : "Failure", ["code"] = code, ["reason"] = reason, ["message"] = message,
    };

    private static Task AnswerAsync(HttpContext http, int code, JsonObject body, string type = "application/json")
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = type;
        return http.Response.WriteAsync(body.ToJsonString());
    }

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;

    private static (string Bundle, X509Certificate2 Certificate) Certificates(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=extension-test-ca", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = rootRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=extension", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(root, now.AddHours(-1), now.AddHours(1), [1, 2, 3, 4]);
        using var whole = signed.CopyWithPrivateKey(key);
        return (Convert.ToBase64String(Encoding.ASCII.GetBytes(root.ExportCertificatePem())), X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null));
    }
}
