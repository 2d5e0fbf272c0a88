using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Clients;

/// <summary>The official Python client (the distribution's package <c>python3-kubernetes</c>) in scenarios of its own language: <c>Python/client.py</c>.</summary>
public sealed class PythonClientTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    // The distribution's own: another that is earlier in the path does not have its packages.
    private const string Python = "/usr/bin/python3";

    [Theory]
    [InlineData("crud")]
    [InlineData("kinds")]
    [InlineData("watching")]
    [InlineData("server_side_apply")]
    [InlineData("custom_resource")]
    [InlineData("executing")]
    [InlineData("forwarding")]
    public async Task It_finds_Kubernetes(string scenario)
    {
        await TestImage.EnsureAsync();
        var ns = await shared.Cluster.NewNamespaceAsync();

        var result = await Command.RunAsync(Python, [Path.Combine(AppContext.BaseDirectory, "Clients", "Python", "client.py"), scenario, shared.Cluster.Kubeconfig, ns]);

        Assert.EndsWith("done\n", result.Ok(), StringComparison.Ordinal);
    }
}
