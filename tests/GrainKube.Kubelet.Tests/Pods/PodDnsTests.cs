using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Tests.Agent;
using GrainKube.Kubelet.Volumes;

namespace GrainKube.Kubelet.Tests.Pods;

public sealed class PodDnsTests
{
    private const string Containers = """ "containers":[{"name":"c","image":"i"}] """;
    private static readonly ResolverSettings Host = ResolverSettings.Parse("# made by hand\ndomain old.example\nsearch corp.example home.example.\nnameserver 192.0.2.53\noptions timeout:2 rotate\n");

    [Fact]
    public void A_resolver_file_is_read() => Assert.Equivalent(
        new ResolverSettings(["192.0.2.53"], ["corp.example", "home.example"], ["timeout:2", "rotate"]), Host, strict: true);

    [Fact]
    public async Task Pods_ask_the_cluster_first_with_the_hosts_domains_last()
    {
        var settings = await OfAsync("""{"dnsPolicy":"ClusterFirst"}""");

        Assert.Equivalent(
            new ResolverSettings(["10.96.0.10"], ["default.svc.cluster.local", "svc.cluster.local", "cluster.local", "corp.example", "home.example"], ["ndots:5"]), settings, strict: true);
    }

    [Theory]
    [InlineData("""{"dnsPolicy":"Default"}""", "192.0.2.53")]
    [InlineData("""{"dnsPolicy":"ClusterFirst","hostNetwork":true}""", "192.0.2.53")]
    [InlineData("""{"dnsPolicy":"ClusterFirstWithHostNet","hostNetwork":true}""", "10.96.0.10")]
    [InlineData("""{"dnsPolicy":"None","dnsConfig":{"nameservers":["192.0.2.1"]} }""", "192.0.2.1")]
    public async Task The_policy_says_who_is_asked(string spec, string server) => Assert.Equal([server], (await OfAsync(spec)).Servers);

    [Fact]
    public async Task The_pods_own_settings_are_added_and_its_options_win()
    {
        var settings = await OfAsync("""
            {"dnsConfig":{"nameservers":["192.0.2.1","10.96.0.10"],"searches":["more.example","cluster.local"],"options":[{"name":"ndots","value":"2"},{"name":"edns0"}] } }
            """);

        Assert.Equal(["10.96.0.10", "192.0.2.1"], settings.Servers);
        Assert.Equal("more.example", settings.Searches[^1]);
        Assert.Equal(["ndots:2", "edns0"], settings.Options);
    }

    [Fact]
    public async Task What_resolvers_do_not_take_is_left_out_and_told()
    {
        await using var node = NewNode();
        var searches = string.Join(',', Enumerable.Range(0, 40).Select(i => $"\"d{i}.example\""));
        var pod = await PodAsync(node, $$$"""{"dnsPolicy":"None","dnsConfig":{"nameservers":["1.1.1.1","2.2.2.2","3.3.3.3","4.4.4.4"],"searches":[{{{searches}}}] } }""");

        var settings = PodDns.Of(pod, Host);

        Assert.Equal((3, 32), (settings.Servers.Count, settings.Searches.Count));
        Assert.Equal(["DNSConfigForming", "DNSConfigForming"], node.View.Events.Select(e => e.Reason));
        Assert.Contains(node.View.Events, e => e.Message == "Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 1.1.1.1 2.2.2.2 3.3.3.3");
    }

    [Fact]
    public async Task A_pod_may_have_its_full_name_and_the_hosts_file_knows_both()
    {
        await using var node = NewNode();
        var pod = await PodAsync(node, """{"hostname":"box","subdomain":"sub","setHostnameAsFQDN":true,"hostAliases":[{"ip":"1.2.3.4","hostnames":["x","y"] }] }""");

        Assert.Equal("box.sub.default.svc.cluster.local", PodDns.Hostname(pod));
        Assert.Equal(
            "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\n"
            + "fe00::2\tip6-allrouters\n10.9.0.2\tbox.sub.default.svc.cluster.local\tbox\n\n# Entries added by HostAliases.\n1.2.3.4\tx\ty\n",
            HostsFile.Content(pod));
    }

    [Fact]
    public async Task A_full_name_that_the_kernel_does_not_take_is_refused()
    {
        await using var node = NewNode();
        var pod = await PodAsync(node, $$"""{"hostname":"{{new string('h', 60)}}","subdomain":"sub","setHostnameAsFQDN":true}""");

        Assert.Contains("is too long (64 characters is the max, 90 characters requested)", Assert.Throws<RuntimeException>(() => PodDns.Hostname(pod)).Message, StringComparison.Ordinal);
    }

    private static TestNode NewNode() => new(clusterDns: ["10.96.0.10"]);

    private static async Task<ResolverSettings> OfAsync(string spec)
    {
        await using var node = NewNode();
        return PodDns.Of(await PodAsync(node, spec), Host);
    }

    private static Task<PodContext> PodAsync(TestNode node, string spec) => node.PodAsync(spec.Insert(1, Containers + ","));
}
