using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.Tests.Admission.Webhooks;

/// <summary>An HTTPS server on loopback whose paths are webhooks that a test writes as functions of the request.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Dictionary<string, Func<HttpContext, JsonObject, Task>> hooks = [];
    private readonly List<JsonObject> requests = [];

    private WebhookServer(string bundle, X509Certificate2 certificate)
    {
        Bundle = bundle;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        app = builder.Build();
        app.Run(ServeAsync);
    }

    /// <summary>The authority's certificate, base64 as <c>caBundle</c> has it.</summary>
    public string Bundle { get; }

    public string Address { get; private set; } = "";

    /// <summary>The <c>request</c> members of all reviews so far.</summary>
    public IReadOnlyList<JsonObject> Requests
    {
        get
        {
            lock (requests)
            {
                return [.. requests];
            }
        }
    }

    /// <param name="name">The name that the certificate carries.</param>
    public static async Task<WebhookServer> StartAsync(string name = "127.0.0.1")
    {
        var (bundle, certificate) = Certificates(name);
        var server = new WebhookServer(bundle, certificate);
        await server.app.StartAsync();
        server.Address = server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return server;
    }

    /// <summary>A webhook that answers by a response without its uid.</summary>
    public string On(string path, Func<JsonObject, JsonObject> answer) => OnRaw(path, (http, request) =>
    {
        var response = answer(request);
        response["uid"] = (string?)request["uid"];
        return http.Response.WriteAsync(new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response }.ToJsonString());
    });

    /// <summary>A webhook that writes its answer itself.</summary>
    public string OnRaw(string path, Func<HttpContext, JsonObject, Task> answer)
    {
        hooks[path] = answer;
        return $"{Address}{path}";
    }

    public static JsonObject Allow() => new() { ["allowed"] = true };

    public static JsonObject Deny(string message) => new() { ["allowed"] = false, ["status"] = new JsonObject { ["message"] = message } };

    public static JsonObject Patch(string operations) => new()
    {
        ["allowed"] = true, ["patchType"] = "JSONPatch", ["patch"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(operations)),
    };

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task ServeAsync(HttpContext http)
    {
        var review = (JsonObject)(await JsonNode.ParseAsync(http.Request.Body))!;
        var request = (JsonObject)review["request"]!;
        lock (requests)
        {
            requests.Add((JsonObject)request.DeepClone());
        }

        http.Response.ContentType = "application/json";
        await hooks[http.Request.Path.Value!](http, request);
    }

    private static (string Bundle, X509Certificate2 Certificate) Certificates(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=webhook-test-ca", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = rootRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=webhook", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(root, now.AddHours(-1), now.AddHours(1), [1, 2, 3, 4]);
        using var whole = signed.CopyWithPrivateKey(key);
        return (Convert.ToBase64String(Encoding.ASCII.GetBytes(root.ExportCertificatePem())), X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null));
    }
}
