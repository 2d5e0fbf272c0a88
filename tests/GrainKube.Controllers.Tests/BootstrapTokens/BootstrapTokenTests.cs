using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.BootstrapTokens;

[Collection(ClusterTests.Name)]
public sealed class BootstrapTokenTests(ClusterFixture fixture)
{
    [Fact]
    public async Task The_facts_of_the_cluster_are_signed_by_every_token_until_it_goes()
    {
        var cluster = fixture.Cluster;
        await cluster.ApplyAsync(Sample.Parse("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cluster-info","namespace":"kube-public"},"data":{"kubeconfig":"facts"}}"""));
        await cluster.ApplyAsync(Token("signer", "usage-bootstrap-signing", "true"));
        var info = cluster.Objects.KeyOf<V1ConfigMap>("kube-public", "cluster-info");
        var signed = await cluster.EventuallyAsync<V1ConfigMap>(m => m.Key == info, all => all.Any(m => m.As<V1ConfigMap>().Data.ContainsKey("jws-kubeconfig-signer")));
        var parts = signed.Single().As<V1ConfigMap>().Data["jws-kubeconfig-signer"].Split('.');
        Assert.Equal("""{"alg":"HS256","kid":"signer"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        Assert.Equal("", parts[1]);
        var expected = HMACSHA256.HashData("0123456789abcdef"u8, Encoding.ASCII.GetBytes($"{parts[0]}.{Base64Url.EncodeToString("facts"u8)}"));
        Assert.Equal(Base64Url.EncodeToString(expected), parts[2]);

        await cluster.Objects.DeleteAsync(cluster.Objects.KeyOf<V1Secret>("kube-system", "bootstrap-token-signer"), null, CancellationToken.None);
        await cluster.EventuallyAsync<V1ConfigMap>(m => m.Key == info, all => all.All(m => !m.As<V1ConfigMap>().Data.ContainsKey("jws-kubeconfig-signer")));
        await cluster.Objects.DeleteAsync(info, null, CancellationToken.None);
    }

    [Fact]
    public async Task A_token_whose_time_is_over_is_removed()
    {
        var cluster = fixture.Cluster;
        await cluster.ApplyAsync(Token("old123", "expiration", "2020-01-01T00:00:00Z"));
        var key = cluster.Objects.KeyOf<V1Secret>("kube-system", "bootstrap-token-old123");
        await cluster.EventuallyAsync<V1Secret>(s => s.Key == key, all => all.Count == 0);
    }

    private static JsonObject Token(string id, string field, string value) => Sample.Parse(
        $$"""{"apiVersion":"v1","kind":"Secret","type":"bootstrap.kubernetes.io/token","metadata":{"name":"bootstrap-token-{{id}}","namespace":"kube-system"},"stringData":{"token-id":"{{id}}","token-secret":"0123456789abcdef","{{field}}":"{{value}}"} }""");
}
