using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace Websites.Tests;

public sealed class WebsiteTests(WebsiteCluster world) : IClassFixture<WebsiteCluster>
{
    [Fact]
    public async Task A_website_is_served_by_its_pods()
    {
        var ns = await world.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Site("home", replicas: 2));

        var site = await ns.EventuallyOneAsync<Website>("home", s => s.Status?.ReadyReplicas == 2);

        Assert.Equal("http://" + (await ns.GetAsync<V1Service>("home")).Spec.ClusterIP, site.Status!.Address);
        Assert.Equal("<p>Hello</p>", (await ns.GetAsync<V1ConfigMap>("home")).Data["index.html"]);
    }

    [Fact]
    public async Task Other_pages_roll_its_pods()
    {
        var ns = await world.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Site("home"));
        await ns.EventuallyOneAsync<Website>("home", s => s.Status?.ReadyReplicas == 1);
        var before = (await ns.GetAsync<V1Deployment>("home")).Spec.Template.Metadata.Annotations.Single();

        await ns.PatchAsync<Website>("home", """{"spec":{"pages":{"index.html":"<p>Bye</p>"}}}""");

        await ns.EventuallyOneAsync<V1Deployment>("home", d => d.Spec.Template.Metadata.Annotations.Single() is var now && now.Key == before.Key && now.Value != before.Value);
        await ns.EventuallyOneAsync<V1ConfigMap>("home", m => m.Data["index.html"] == "<p>Bye</p>");
    }

    [Fact]
    public async Task What_somebody_else_changed_is_put_right_and_what_he_added_stays()
    {
        var ns = await world.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Site("home"));
        await ns.EventuallyOneAsync<Website>("home", s => s.Status?.ReadyReplicas == 1);

        await ns.PatchAsync<V1Deployment>("home", """{"metadata":{"labels":{"team":"web"}},"spec":{"replicas":7}}""");

        var deployment = await ns.EventuallyOneAsync<V1Deployment>("home", d => d.Spec.Replicas == 1 && d.Metadata.Labels.ContainsKey("team"));
        Assert.Equal("home", deployment.Metadata.Labels["samples.grainkube.io/website"]);
    }

    [Fact]
    public async Task Its_ingress_comes_and_goes_with_its_host()
    {
        var ns = await world.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Site("home", host: "home.example.org"));
        await ns.EventuallyOneAsync<V1Ingress>("home", i => i.Spec.Rules[0].Host == "home.example.org");

        await ns.PatchAsync<Website>("home", """{"spec":{"host":null}}""");

        await ns.GoneAsync<V1Ingress>("home");
    }

    [Fact]
    public async Task All_of_it_goes_with_the_website()
    {
        var ns = await world.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Site("home"));
        await ns.EventuallyOneAsync<Website>("home", s => s.Status?.ReadyReplicas == 1);

        await ns.DeleteAsync<Website>("home");

        await ns.GoneAsync<V1Deployment>("home");
        await ns.GoneAsync<V1Service>("home");
        await ns.EventuallyAsync<V1Pod>("", pods => pods.Count == 0);
    }

    [Theory]
    [InlineData("""{"replicas":11}""", "spec.replicas")]
    [InlineData("""{"host":"not a host"}""", "must be a host name")]
    [InlineData("""{"pages":{}}""", "spec.pages")]
    public async Task What_the_model_forbids_is_refused(string change, string complaint)
    {
        var ns = await world.Cluster.NamespaceAsync();
        var site = Site("wrong");
        foreach (var (name, value) in Sample.Parse(change))
        {
            site["spec"]![name] = value!.DeepClone();
        }

        var refusal = await Assert.ThrowsAsync<ApiException>(() => ns.ApplyAsync(site));
        Assert.Equal(422, refusal.Status.Code);
        Assert.Contains(complaint, refusal.Status.Message, StringComparison.Ordinal);
    }

    private static JsonObject Site(string name, int replicas = 1, string? host = null) => Sample.Parse(
        $$"""
        {"apiVersion":"samples.grainkube.io/v1","kind":"Website","metadata":{"name":"{{name}}"},
         "spec":{"replicas":{{replicas}},"pages":{"index.html":"<p>Hello</p>"}{{(host is null ? "" : $",\"host\":\"{host}\"")}} } }
        """);
}
