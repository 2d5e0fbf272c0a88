using System.Globalization;
using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.Services;

/// <summary>Services with real containers: their addresses from pods, from this machine, and by node port.</summary>
public sealed class ServiceProxyTests
{
    private const int Port = 80;

    /// <summary>curl's code for a refused connection; it has another for one that nobody answers.</summary>
    private const int CannotConnect = 7;

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public async Task A_service_is_reached_from_pods_the_host_and_node_ports_and_outlives_a_restart(string backend)
    {
        await using var cluster = await ServerCluster.StartAsync("--service-proxy", backend);
        var kubectl = cluster.Kubectl();
        await kubectl.ApplyAsync(Web("one"));
        await kubectl.ApplyAsync(Web("two"));
        var (one, two) = (await AddressAsync(kubectl, "one"), await AddressAsync(kubectl, "two"));
        var address = cluster.ServiceCidr.Replace(".0/24", ".77", StringComparison.Ordinal);
        var nodePort = TestRanges.NodePort();
        await kubectl.ApplyAsync(Service(address, nodePort));

        // Nobody is behind it yet.
        await Eventually.GetAsync(() => FetchAsync($"{address}:{Port}"), answer => answer.ExitCode == CannotConnect, "the service to refuse at once");
        await kubectl.ApplyAsync(Slice(one));
        await AnswersAsync(() => FetchAsync($"{address}:{Port}"), "one");
        await AnswersAsync(() => FetchAsync($"127.0.0.1:{nodePort}"), "one");
        await AnswersAsync(async () => await FetchAsync($"{await NodeAddressAsync(kubectl)}:{nodePort}"), "one");
        await AnswersAsync(() => kubectl.RunAsync("exec", "two", "--", "timeout", "5", "wget", "-qO-", $"http://{address}:{Port}/"), "one");
        await AnswersAsync(() => kubectl.RunAsync("exec", "one", "--", "timeout", "5", "wget", "-qO-", $"http://{address}:{Port}/"), "one");

        // The server is away: services go on, and the change of meanwhile is there when it is back.
        await cluster.StopProcessAsync();
        await AnswersAsync(() => FetchAsync($"{address}:{Port}"), "one");
        await cluster.StartProcessAsync();
        await kubectl.ApplyAsync(Slice(two));
        await AnswersAsync(() => FetchAsync($"{address}:{Port}"), "two");
        await AnswersAsync(() => kubectl.RunAsync("exec", "one", "--", "timeout", "5", "wget", "-qO-", $"http://{address}:{Port}/"), "two");

        await cluster.StopProcessAsync();
        await cluster.StartProcessAsync("--service-proxy", "none");
        await Eventually.TrueAsync(async () => await ServiceRules.TableAsync(cluster.NodeName) == "" && (await ServiceRules.ChainsAsync(cluster.NodeName)).Count == 0, "all rules to be removed");
    }

    private static Task AnswersAsync(Func<Task<CommandResult>> ask, string expected) =>
        Eventually.GetAsync(ask, answer => answer.ExitCode == 0 && answer.Output.Trim() == expected, $"an answer from {expected}");

    private static Task<CommandResult> FetchAsync(string where) => Command.RunAsync("curl", ["-sS", "--noproxy", "*", "--max-time", "5", $"http://{where}/"]);

    private static async Task<string> AddressAsync(KubectlClient kubectl, string pod)
    {
        await kubectl.UntilAsync($"pod/{pod}", "{.status.conditions[?(@.type==\"Ready\")].status}", "True");
        return await kubectl.GetAsync($"pod/{pod}", "{.status.podIP}");
    }

    private static Task<string> NodeAddressAsync(KubectlClient kubectl) => kubectl.GetAsync("nodes", "{.items[0].status.addresses[?(@.type==\"InternalIP\")].address}");

    private static string Web(string name) =>
        Sample.Pod(name, $"mkdir /tmp/www; echo {name} >/tmp/www/index.html; trap 'exit 0' TERM; httpd -f -p 8080 -h /tmp/www & wait");

    private static string Service(string address, int nodePort) => string.Create(CultureInfo.InvariantCulture, $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec:
          type: NodePort
          clusterIP: {{address}}
          ports: [ { port: {{Port}}, targetPort: 8080, nodePort: {{nodePort}} } ]
        """);

    private static string Slice(string pod) => $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: web-1, labels: { kubernetes.io/service-name: web } }
        addressType: IPv4
        ports: [ { port: 8080, protocol: TCP } ]
        endpoints: [ { addresses: [ {{pod}} ], conditions: { ready: true } } ]
        """;
}
