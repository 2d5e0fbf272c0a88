using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Clients;

/// <summary>
/// The official JavaScript client (<c>@kubernetes/client-node</c>) in scenarios of its own language: <c>JavaScript/client.mjs</c>. <c>infra/test.sh</c> installs it into the directory that
/// <c>GRAINKUBE_JAVASCRIPT_CLIENT</c> names.
/// </summary>
public sealed class JavaScriptClientTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    [Theory]
    [InlineData("crud")]
    [InlineData("kinds")]
    [InlineData("informer")]
    [InlineData("watching")]
    [InlineData("serverSideApply")]
    [InlineData("exec")]
    [InlineData("portForward")]
    public async Task It_finds_Kubernetes(string scenario)
    {
        await TestImage.EnsureAsync();
        var ns = await shared.Cluster.NewNamespaceAsync();

        // Where modules are looked for is told by where the script lies.
        var script = Path.Combine(Installed(), $"client-{Guid.NewGuid():N}.mjs");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Clients", "JavaScript", "client.mjs"), script);
        try
        {
            var result = await Command.RunAsync("node", [script, scenario, shared.Cluster.Kubeconfig, ns]);

            Assert.EndsWith("done\n", result.Ok(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static string Installed() =>
        Environment.GetEnvironmentVariable("GRAINKUBE_JAVASCRIPT_CLIENT") is { Length: > 0 } named
            ? named
            : throw new InvalidOperationException("No JavaScript client is installed; infra/test.sh installs one and sets GRAINKUBE_JAVASCRIPT_CLIENT.");
}
