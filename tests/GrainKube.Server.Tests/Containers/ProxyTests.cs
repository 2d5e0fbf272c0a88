using System.Net;
using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.Containers;

public sealed class ProxyTests(SharedCluster shared) : KubectlTest(shared)
{
    private const string Serving = "mkdir -p /www/deep; echo '<a href=\\\"/rewriteme\\\">test</a>' >/www/index.html; echo plain >/www/deep/file.txt; httpd -p 8080 -h /www; " + Sample.Idle;

    [Fact]
    public async Task A_pods_pages_are_reached_and_their_links_lead_back()
    {
        var kubectl = await ServingAsync();
        var proxy = $"/api/v1/namespaces/{kubectl.Namespace}/pods/web:8080/proxy";

        Assert.Equal($"<a href=\"{proxy}/rewriteme\">test</a>\n", await Cluster.Http.GetStringAsync(new Uri(proxy + "/", UriKind.Relative)));
        Assert.Equal("plain\n", await Cluster.Http.GetStringAsync(new Uri($"/api/v1/namespaces/{kubectl.Namespace}/pods/http:web:8080/proxy/deep/file.txt", UriKind.Relative)));
        using var missing = await Cluster.Http.GetAsync(new Uri(proxy + "/none", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.DoesNotContain("\"Status\"", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_reached_is_unavailable()
    {
        var kubectl = await ServingAsync();
        using var closed = await Cluster.Http.GetAsync(new Uri($"/api/v1/namespaces/{kubectl.Namespace}/pods/web:8079/proxy/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, closed.StatusCode);
        Assert.Contains("connection refused", await closed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nodes_kubelet_answers_through_its_grain()
    {
        var node = $"/api/v1/nodes/{Cluster.NodeName}";
        Assert.Equal("ok", await Cluster.Http.GetStringAsync(new Uri(node + "/proxy/healthz", UriKind.Relative)));
        Assert.Contains("\"PodList\"", await Cluster.Http.GetStringAsync(new Uri(node + ":10250/proxy/pods", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Contains("\"nodeName\"", await Cluster.Http.GetStringAsync(new Uri(node + "/proxy/stats/summary", UriKind.Relative)), StringComparison.Ordinal);
    }

    private async Task<KubectlClient> ServingAsync()
    {
        var kubectl = await NewAsync(KubectlBinaries.Newest);
        await kubectl.ApplyAsync(Sample.Pod("web", Serving));
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/web", "--timeout=180s");
        await Eventually.GetAsync(() => kubectl.OkAsync("logs", "web"), text => text.Contains("started", StringComparison.Ordinal), "its servers listen");
        return kubectl;
    }
}
