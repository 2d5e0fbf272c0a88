using GrainKube.Testing.Clusters;
using Xunit;

namespace Websites.Tests;

public sealed class WebsiteOperatorTests
{
    [Fact]
    public async Task A_server_that_is_given_the_assembly_hosts_the_operator()
    {
        await using var cluster = await GrainKubeCluster.StartAsync(options => options with { Extensions = [typeof(WebsiteOperator).Assembly.Location] });
        var ns = await cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.Parse(
            """{"apiVersion":"samples.grainkube.io/v1","kind":"Website","metadata":{"name":"home"},"spec":{"pages":{"index.html":"Hello"}}}"""));

        await ns.EventuallyOneAsync<Website>("home", site => site.Status?.ReadyReplicas == 1);
    }
}
