using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

/// <summary>A kubectl of years ago (the distribution's, 1.20) does what it did then: it knows neither server-side validation nor the newer discovery.</summary>
public sealed class OldKubectlTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private async Task<KubectlClient> NewAsync() => shared.Cluster.Kubectl(KubectlBinaries.Oldest, await shared.Cluster.NewNamespaceAsync());

    [Fact]
    public async Task Apply_get_patch_and_delete_work()
    {
        var kubectl = await NewAsync();

        Assert.Equal("deployment.apps/web created\n", await kubectl.ApplyAsync(Sample.Deployment("web", 1)));
        Assert.Equal("deployment.apps/web unchanged\n", await kubectl.ApplyAsync(Sample.Deployment("web", 1)));
        Assert.Equal("deployment.apps/web configured\n", await kubectl.ApplyAsync(Sample.Deployment("web", 2)));
        await kubectl.OkAsync("patch", "deployment", "web", "--type=json", "-p", """[{"op":"replace","path":"/spec/replicas","value":1}]""");
        await kubectl.OkAsync("patch", "deployment", "web", "--type=merge", "-p", """{"metadata":{"labels":{"tier":"front"}}}""");
        await kubectl.OkAsync("patch", "deployment", "web", "-p", """{"spec":{"template":{"spec":{"containers":[{"name":"web","workingDir":"/tmp"}]}}}}""");
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=180s");

        Assert.Contains("1/1", await kubectl.OkAsync("get", "deployments", "-l", "tier=front"), StringComparison.Ordinal);
        Assert.Contains("/tmp", await kubectl.OkAsync("get", "deployment", "web", "-o", "yaml"), StringComparison.Ordinal);
        Assert.Contains("Running", await kubectl.OkAsync("get", "pods", "-o", "wide"), StringComparison.Ordinal);
        Assert.Equal("""deployment.apps "web" deleted""" + "\n", await kubectl.OkAsync("delete", "deployment", "web"));
        await Eventually.TrueAsync(async () => (await kubectl.OkAsync("get", "pods,replicasets", "-o", "name")).Length == 0, "its pods are gone");
    }

    [Fact]
    public async Task Describe_tells_of_core_and_apps()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Deployment("web", 1));
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=180s");
        await kubectl.OkAsync("create", "configmap", "settings", "--from-literal=colour=red");
        await kubectl.OkAsync("create", "secret", "generic", "hidden", "--from-literal=key=value");
        await kubectl.OkAsync("expose", "deployment", "web", "--port=80");

        Assert.Contains("1 desired | 1 updated | 1 total | 1 available", await kubectl.OkAsync("describe", "deployment", "web"), StringComparison.Ordinal);
        Assert.Contains("Controlled By:  Deployment/web", await kubectl.OkAsync("describe", "replicasets"), StringComparison.Ordinal);
        await Eventually.GetAsync(() => kubectl.OkAsync("describe", "pods"), text => text.Contains("Container started", StringComparison.Ordinal), "the events of the pod");
        Assert.Contains("colour:\n----\nred", await kubectl.OkAsync("describe", "configmap", "settings"), StringComparison.Ordinal);
        Assert.Contains("key:  5 bytes", await kubectl.OkAsync("describe", "secret", "hidden"), StringComparison.Ordinal);
        Assert.Contains("Port:              <unset>  80/TCP", await kubectl.OkAsync("describe", "service", "web"), StringComparison.Ordinal);
        Assert.Contains("Active", await kubectl.OkAsync("describe", "namespace", kubectl.Namespace), StringComparison.Ordinal);
        Assert.Contains("Ready", await kubectl.OkAsync("describe", "node", shared.Cluster.NodeName), StringComparison.Ordinal);
        Assert.Contains("default", await kubectl.OkAsync("describe", "serviceaccounts"), StringComparison.Ordinal);
    }
}
