using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Tests.World;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace GrainKube.ApiServer.Tests.CustomResources;

[Collection(ApiCollection.Name)]
public sealed class ConversionTests(ApiWorld world)
{
    [Fact]
    public async Task A_webhook_converts_what_is_written_read_listed_and_watched()
    {
        using var certificate = Certificate();
        await using var webhook = await WebhookAsync(certificate);
        var group = Crd.Group();
        await world.DefineAsync(Foo(group, webhook, certificate));
        var ns = await world.NamespaceAsync();

        await world.CreateAsync($"/apis/{group}/v1/namespaces/{ns}/foos", """{"metadata":{"name":"one"},"hostPort":"localhost:80"}""");
        var made = await world.CreateAsync($"/apis/{group}/v2/namespaces/{ns}/foos", """{"metadata":{"name":"two"},"host":"far","port":"81"}""");
        Assert.Equal(("far", "81"), ((string?)made["host"], (string?)made["port"]));

        var one = await world.GetAsync($"/apis/{group}/v2/namespaces/{ns}/foos/one");
        Assert.Equal(($"{group}/v2", "localhost", "80", null), ((string?)one["apiVersion"], (string?)one["host"], (string?)one["port"], one["hostPort"]));
        Assert.Equal("far:81", (string?)(await world.GetAsync($"/apis/{group}/v1/namespaces/{ns}/foos/two"))["hostPort"]);
        var list = await world.GetAsync($"/apis/{group}/v2/namespaces/{ns}/foos");
        Assert.Equal(["localhost", "far"], list["items"]!.AsArray().Select(i => (string?)i!["host"]));
        var (code, patched) = await world.SendAsync("PATCH", $"/apis/{group}/v2/namespaces/{ns}/foos/one", """{"port":"90"}""", "application/merge-patch+json");
        Assert.True(code == 200, patched.ToJsonString());
        Assert.Equal("localhost:90", (string?)(await world.GetAsync($"/apis/{group}/v1/namespaces/{ns}/foos/one"))["hostPort"]);
        using var watch = await world.WatchAsync($"/apis/{group}/v2/namespaces/{ns}/foos?watch=true");
        Assert.Equal("90", (string?)(await watch.NextAsync())!["object"]!["port"]);

        await webhook.StopAsync();
        (code, var failed) = await world.SendAsync("POST", $"/apis/{group}/v2/namespaces/{ns}/foos", """{"metadata":{"name":"three"},"host":"h","port":"1"}""");
        Assert.Equal(500, code);
        Assert.Contains($"conversion webhook for {group}/v2, Kind=Foo failed", (string)failed["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_and_the_state_of_a_watch_are_one_question()
    {
        using var certificate = Certificate();
        var asked = new ConcurrentQueue<int>();
        await using var webhook = await WebhookAsync(certificate, asked.Enqueue);
        var group = Crd.Group();
        await world.DefineAsync(Foo(group, webhook, certificate));
        var ns = await world.NamespaceAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            await world.CreateAsync($"/apis/{group}/v1/namespaces/{ns}/foos", $$"""{"metadata":{"name":"{{name}}"},"hostPort":"{{name}}:80"}""");
        }

        Assert.Empty(asked);
        var list = await world.GetAsync($"/apis/{group}/v2/namespaces/{ns}/foos");
        Assert.Equal(["a", "b", "c"], list["items"]!.AsArray().Select(i => (string?)i!["host"]));
        Assert.Equal([3], asked);

        // What was converted is kept with its object: only the new ones are asked for.
        foreach (var name in new[] { "d", "e" })
        {
            await world.CreateAsync($"/apis/{group}/v1/namespaces/{ns}/foos", $$"""{"metadata":{"name":"{{name}}"},"hostPort":"{{name}}:80"}""");
        }

        using var watch = await world.WatchAsync($"/apis/{group}/v2/namespaces/{ns}/foos?watch=true");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("80", (string?)(await watch.NextAsync())!["object"]!["port"]);
        }

        Assert.Equal([3, 2], asked);
    }

    private static JsonObject Foo(string group, WebApplication webhook, X509Certificate2 certificate)
    {
        var address = webhook.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var crd = Crd.Foo(group, """
            - { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, properties: { hostPort: { type: string } } } } }
            - { name: v2, served: true, storage: false, schema: { openAPIV3Schema: { type: object, properties: { host: { type: string }, port: { type: string } } } } }
            """);
        crd["spec"]!["conversion"] = new JsonObject
        {
            ["strategy"] = "Webhook",
            ["webhook"] = new JsonObject
            {
                ["conversionReviewVersions"] = new JsonArray("v1"),
                ["clientConfig"] = new JsonObject { ["url"] = address + "/convert", ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(certificate.ExportCertificatePem())) },
            },
        };
        return crd;
    }

    private static async Task<WebApplication> WebhookAsync(X509Certificate2 certificate, Action<int>? asked = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        app.Run(async context =>
        {
            var review = (await JsonNode.ParseAsync(context.Request.Body))!;
            var wanted = (string)review["request"]!["desiredAPIVersion"]!;
            asked?.Invoke(review["request"]!["objects"]!.AsArray().Count);
            var converted = new JsonArray([.. review["request"]!["objects"]!.AsArray().Select(item => Convert2((JsonObject)item!.DeepClone(), wanted))]);
            var answer = new JsonObject
            {
                ["apiVersion"] = "apiextensions.k8s.io/v1",
                ["kind"] = "ConversionReview",
                ["response"] = new JsonObject { ["uid"] = (string?)review["request"]!["uid"], ["convertedObjects"] = converted, ["result"] = new JsonObject { ["status"] = "Success" } },
            };
            await context.Response.WriteAsync(answer.ToJsonString());
        });
        await app.StartAsync();
        return app;
    }

    private static JsonObject Convert2(JsonObject item, string wanted)
    {
        item["apiVersion"] = wanted;
        if (wanted.EndsWith("/v2", StringComparison.Ordinal))
        {
            var parts = ((string?)item["hostPort"] ?? ":").Split(':');
            (item["host"], item["port"]) = (parts[0], parts[1]);
            item.Remove("hostPort");
        }
        else
        {
            item["hostPort"] = $"{(string?)item["host"]}:{(string?)item["port"]}";
            item.Remove("host");
            item.Remove("port");
        }

        return item;
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=webhook", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(90));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
