using System.Net.Http.Headers;
using System.Text;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.ServiceAccountTokens;

[Collection(ClusterTests.Name)]
public sealed class ServiceAccountTokenTests(ClusterFixture fixture)
{
    [Fact]
    public async Task A_secret_of_an_account_is_filled_with_a_token_and_goes_with_the_account()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await fixture.Cluster.ApplyAsync(Sample.Parse($$"""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"robot","namespace":"{{ns.Name}}"} }"""));
        await fixture.Cluster.ApplyAsync(Secret(ns.Name, "robot-token", "robot"));
        var filled = await ns.EventuallyOneAsync<V1Secret>("robot-token", s => s.Data is { Count: 3 });
        Assert.Equal(ns.Name, Encoding.UTF8.GetString(filled.Data["namespace"]));
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", Encoding.UTF8.GetString(filled.Data["ca.crt"]), StringComparison.Ordinal);
        Assert.NotEmpty(filled.Metadata.Annotations["kubernetes.io/service-account.uid"]);

        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Encoding.UTF8.GetString(filled.Data["token"]));
        var review = await client.PostAsync(
            new Uri(fixture.Cluster.Host.Address, "/apis/authentication.k8s.io/v1/selfsubjectreviews"),
            new StringContent("""{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}""", MediaTypeHeaderValue.Parse("application/json")));
        Assert.Contains($"\"system:serviceaccount:{ns.Name}:robot\"", await review.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await fixture.Cluster.Objects.DeleteAsync(ns.Key<V1ServiceAccount>("robot"), null, CancellationToken.None);
        await fixture.Cluster.EventuallyAsync<V1Secret>(s => s.Key == ns.Key<V1Secret>("robot-token"), all => all.Count == 0);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri(fixture.Cluster.Host.Address, "/livez"))).StatusCode);
    }

    [Fact]
    public async Task A_secret_of_nobody_is_removed()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await fixture.Cluster.Objects.CreateAsync(Secret(ns.Name, "orphan", "nobody"), CancellationToken.None);
        await fixture.Cluster.EventuallyAsync<V1Secret>(s => s.Key == ns.Key<V1Secret>("orphan"), all => all.Count == 0);
    }

    private static System.Text.Json.Nodes.JsonObject Secret(string ns, string name, string account) => Sample.Parse(
        $$"""{"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/service-account-token","metadata":{"name":"{{name}}","namespace":"{{ns}}","annotations":{"kubernetes.io/service-account.name":"{{account}}"} } }""");
}
