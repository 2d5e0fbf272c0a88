using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Security.Pki;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.ApiServices;

public sealed class RequestHeaderTests(AggregationWorld world) : IClassFixture<AggregationWorld>
{
    private static readonly ObjectKey Map = new("", "configmaps", "kube-system", "extension-apiserver-authentication");

    [Fact]
    public async Task Extension_servers_find_whom_to_believe_and_cannot_lose_it()
    {
        await MapAsync(_ => true);
        await world.Cluster.PatchAsync(Map, """{"data":{"requestheader-username-headers":"[\"X-Other\"]","client-ca-file":null}}""");
        var data = (await MapAsync(d => d.ContainsKey("client-ca-file") && d["requestheader-username-headers"].Contains("X-Remote-User", StringComparison.Ordinal)));
        Assert.Equal("""["X-Other","X-Remote-User"]""", data["requestheader-username-headers"]);
        await world.Cluster.Objects.DeleteAsync(Map, null, CancellationToken.None);
        data = await MapAsync(d => d["requestheader-username-headers"] == """["X-Remote-User"]""");
        Assert.Equal(world.Cluster.Host.Authority.CertificatePem, data["client-ca-file"]);
        Assert.Equal(
            ("""["front-proxy-client"]""", """["X-Remote-Group"]""", """["X-Remote-Extra-"]""", """["X-Remote-Uid"]"""),
            (data["requestheader-allowed-names"], data["requestheader-group-headers"], data["requestheader-extra-headers-prefix"], data["requestheader-uid-headers"]));
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", data["requestheader-client-ca-file"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_front_proxy_may_say_who_asks_and_nobody_else()
    {
        using var proxy = Client(world.Cluster.Service<FrontProxy>().ClientCertificate);
        var user = await WhoAsync(proxy);
        Assert.Equal("jane", (string?)user["username"]);
        Assert.Equal("u-1", (string?)user["uid"]);
        Assert.Equal(["devs", "system:authenticated"], user["groups"]!.AsArray().Select(g => (string)g!));
        Assert.Equal("narrow", (string?)user["extra"]!["example.com/scope"]![0]);

        using var admin = Client(world.Cluster.Host.Authority.IssueClient("bob", [], TimeSpan.FromHours(1)).Certificate);
        Assert.Equal("bob", (string?)(await WhoAsync(admin))["username"]);
    }

    private HttpClient Client(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate) => new(world.Handler(certificate)) { BaseAddress = world.Cluster.Host.Address };

    private static async Task<JsonNode> WhoAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews")
        {
            Content = new StringContent("""{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Remote-User", "jane");
        request.Headers.Add("X-Remote-Uid", "u-1");
        request.Headers.Add("X-Remote-Group", "devs");
        request.Headers.TryAddWithoutValidation("X-Remote-Extra-Example.com%2fScope", "narrow");
        using var answer = await client.SendAsync(request);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"]!["userInfo"]!;
    }

    private async Task<IDictionary<string, string>> MapAsync(Func<IDictionary<string, string>, bool> condition) =>
        (await world.Cluster.EventuallyAsync<V1ConfigMap>(o => o.Key == Map, maps => maps.Count == 1 && condition(maps[0].As<V1ConfigMap>().Data)))[0].As<V1ConfigMap>().Data;
}
