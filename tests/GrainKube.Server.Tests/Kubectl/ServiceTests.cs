using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

public sealed class ServiceTests(SharedCluster shared) : KubectlTest(shared)
{
    [Theory, MemberData(nameof(Versions))]
    public async Task Services_have_addresses_and_ports_that_kubectl_shows_and_gives_back(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.OkAsync("create", "service", "nodeport", "web", "--tcp=80:8080");
        var address = await kubectl.GetAsync("service/web", "{.spec.clusterIP}");
        var port = await kubectl.GetAsync("service/web", "{.spec.ports[0].nodePort}");
        Assert.Equal($"services/{kubectl.Namespace}/web", (await kubectl.OkAsync("get", "ipaddress", address, "--no-headers")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Trim());
        Assert.Contains("provided port is already allocated", await kubectl.FailsAsync("create", "service", "nodeport", "other", "--tcp=80", $"--node-port={port}"), StringComparison.Ordinal);

        var manifest = $"apiVersion: v1\nkind: Service\nmetadata: {{name: second}}\nspec: {{clusterIP: {address}, ports: [{{port: 80}}]}}\n";
        var refused = await kubectl.RunWithAsync(manifest, "create", "-f", "-");
        Assert.Contains("provided IP is already allocated", refused.Fails(), StringComparison.Ordinal);
        await kubectl.OkAsync("patch", "service", "web", "-p", """{"spec":{"type":"ClusterIP"}}""");
        await kubectl.OkAsync("create", "service", "nodeport", "other", "--tcp=80", $"--node-port={port}");
        await kubectl.OkAsync("delete", "service", "web");
        Assert.Equal("service/second created\n", (await kubectl.RunWithAsync(manifest, "create", "-f", "-")).Ok());
        await kubectl.OkAsync("delete", "service", "second", "other");
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task The_kubernetes_service_is_there_with_its_endpoints(string version)
    {
        var kubectl = await NewAsync(version);
        var ports = await kubectl.OkAsync("get", "service", "kubernetes", "--namespace=default", "-o", "jsonpath={.spec.ports[0].port} {.spec.ports[0].targetPort}");
        var served = await kubectl.OkAsync("get", "endpointslices", "kubernetes", "--namespace=default", "-o", "jsonpath=443 {.ports[0].port}");
        Assert.Equal(served, ports);
        Assert.Contains("kubernetes", await kubectl.OkAsync("get", "servicecidr", "kubernetes"), StringComparison.Ordinal);
    }
}
