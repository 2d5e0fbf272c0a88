using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.Networking;

/// <summary>Names, asked by the resolvers of real containers.</summary>
public sealed class NamesTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    [Fact]
    public async Task A_pod_resolves_services_endpoints_pods_and_addresses()
    {
        var kubectl = await NewAsync();
        var ns = kubectl.Namespace;
        await kubectl.ApplyAsync("""
            apiVersion: v1
            kind: Service
            metadata: { name: alias }
            spec: { type: ExternalName, externalName: kube-dns.kube-system.svc.cluster.local }
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: db }
            spec: { clusterIP: None, ports: [{ name: sql, port: 5432 }] }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: db-1, labels: { kubernetes.io/service-name: db } }
            addressType: IPv4
            endpoints: [{ addresses: [10.1.2.3], hostname: db-0, conditions: { ready: true } }]
            ports: [{ name: sql, port: 5432 }]
            """);
        await kubectl.ApplyAsync(Sample.Pod("asker", Sample.Idle));
        await kubectl.UntilAsync("pod/asker", "{.status.containerStatuses[0].ready}", "true");
        var dns = await shared.Cluster.Kubectl(KubectlBinaries.Newest, "kube-system").GetAsync("service/kube-dns", "{.spec.clusterIP}");

        Assert.Contains("PING db (10.1.2.3)", await PingAsync(kubectl, "db"), StringComparison.Ordinal);
        Assert.Contains($"({dns})", await PingAsync(kubectl, "kube-dns.kube-system"), StringComparison.Ordinal);
        Assert.Contains("10.1.2.3", await LookUpAsync(kubectl, $"db-0.db.{ns}.svc.cluster.local."), StringComparison.Ordinal);
        Assert.Contains(dns, await LookUpAsync(kubectl, "-type=a", $"alias.{ns}.svc.cluster.local."), StringComparison.Ordinal);
        Assert.Contains("10.9.8.7", await LookUpAsync(kubectl, $"10-9-8-7.{ns}.pod.cluster.local."), StringComparison.Ordinal);
        Assert.Contains("kube-dns.kube-system.svc.cluster.local", await LookUpAsync(kubectl, dns), StringComparison.Ordinal);
        Assert.Contains("5432", await LookUpAsync(kubectl, "-type=srv", $"_sql._tcp.db.{ns}.svc.cluster.local."), StringComparison.Ordinal);
        var none = await kubectl.RunAsync("exec", "asker", "--", "nslookup", $"none.{ns}.svc.cluster.local.");
        Assert.Contains("NXDOMAIN", none.Output + none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_finds_the_files_of_its_policy()
    {
        var kubectl = await NewAsync();
        await kubectl.ApplyAsync(Sample.Pod("named", "cat /etc/resolv.conf /etc/hosts; hostname", """
              restartPolicy: Never
              hostname: box
              subdomain: sub
              setHostnameAsFQDN: true
              hostAliases: [{ ip: 1.2.3.4, hostnames: [one, two] }]
              dnsConfig: { searches: [more.example], options: [{ name: ndots, value: "2" }] }
            """));
        await kubectl.ApplyAsync(Sample.Pod("own", "cat /etc/resolv.conf", """
              restartPolicy: Never
              dnsPolicy: None
              dnsConfig: { nameservers: [192.0.2.1], searches: [only.example] }
            """));
        await kubectl.UntilAsync("pod/named", "{.status.phase}", "Succeeded");
        await kubectl.UntilAsync("pod/own", "{.status.phase}", "Succeeded");

        var seen = await kubectl.OkAsync("logs", "named");
        Assert.Contains($"\nsearch {kubectl.Namespace}.svc.cluster.local svc.cluster.local cluster.local", seen, StringComparison.Ordinal);
        Assert.Contains(" more.example\noptions ndots:2\n", seen, StringComparison.Ordinal);
        Assert.Contains("# Kubernetes-managed hosts file.\n", seen, StringComparison.Ordinal);
        Assert.Contains($"\tbox.sub.{kubectl.Namespace}.svc.cluster.local\tbox\n\n# Entries added by HostAliases.\n1.2.3.4\tone\ttwo\n", seen, StringComparison.Ordinal);
        Assert.EndsWith($"\nbox.sub.{kubectl.Namespace}.svc.cluster.local\n", seen, StringComparison.Ordinal);
        Assert.Equal("nameserver 192.0.2.1\nsearch only.example\n", await kubectl.OkAsync("logs", "own"));
    }

    // By the search path; nobody needs to answer.
    private static async Task<string> PingAsync(KubectlClient kubectl, string name) => (await kubectl.RunAsync("exec", "asker", "--", "ping", "-c", "1", "-W", "1", name)).Output;

    private static Task<string> LookUpAsync(KubectlClient kubectl, params string[] question) => kubectl.OkAsync(["exec", "asker", "--", "nslookup", .. question]);

    private async Task<KubectlClient> NewAsync() => shared.Cluster.Kubectl(KubectlBinaries.Newest, await shared.Cluster.NewNamespaceAsync());
}
