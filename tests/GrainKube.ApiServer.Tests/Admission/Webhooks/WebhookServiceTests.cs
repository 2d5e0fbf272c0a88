using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.ApiServer.Admission.Webhooks;
using GrainKube.ApiServer.Streaming;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.Webhooks;

public sealed class WebhookServiceTests
{
    private static readonly byte[] Review = Encoding.UTF8.GetBytes("""{"request":{"uid":"u"}}""");

    [Fact]
    public async Task A_service_is_reached_through_its_endpoints_and_must_carry_its_name()
    {
        await using var server = await WebhookServer.StartAsync("hook.tools.svc");
        server.On("/check", _ => WebhookServer.Allow());
        var objects = Service("").Add("discovery.k8s.io", "endpointslices", "tools", "hook-1", Slice(new Uri(server.Address).Port), labels: new() { ["kubernetes.io/service-name"] = "hook" });
        using var connections = Connections(objects);
        var answer = JsonNode.Parse(await connections.PostAsync(Webhook(server.Bundle), Review, CancellationToken.None))!;
        Assert.True((bool)answer["response"]!["allowed"]!);

        await using var other = await WebhookServer.StartAsync("other.tools.svc");
        using var second = Connections(Service("").Add("discovery.k8s.io", "endpointslices", "tools", "hook-1", Slice(new Uri(other.Address).Port), labels: new() { ["kubernetes.io/service-name"] = "hook" }));
        Assert.Contains("tls: failed to verify certificate", (await Failure(second, other.Bundle)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        const string post = "failed to call webhook: Post \"https://hook.tools.svc:443/check?timeout=10s\": ";
        using var none = Connections(new FakeObjects());
        Assert.Equal(post + "service \"hook\" not found", (await Failure(none, "")).Message);
        using var empty = Connections(Service(""));
        Assert.Equal(post + "no endpoints available for service \"hook\"", (await Failure(empty, "")).Message);
        using var bad = Connections(new FakeObjects());
        Assert.StartsWith("failed to call webhook: unable to load root certificates: ", (await Failure(bad, Convert.ToBase64String("-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----"u8))).Message, StringComparison.Ordinal);
    }

    private static Task<WebhookFailure> Failure(WebhookConnections connections, string bundle) =>
        Assert.ThrowsAsync<WebhookFailure>(() => connections.PostAsync(Webhook(bundle), Review, CancellationToken.None));

    private static WebhookConnections Connections(FakeObjects objects) =>
        new(new ServiceConnector(objects, new PodConnections(null!, NullLogger<PodConnections>.Instance)), TimeProvider.System);

    private static FakeObjects Service(string portName) =>
        new FakeObjects().Add("", "services", "tools", "hook", $$"""{"spec":{"type":"ClusterIP","ports":[{"port":443,"name":"{{portName}}"}]} }""");

    private static string Slice(int port) => $$"""{"addressType":"IPv4","ports":[{"port":{{port}},"name":""}],"endpoints":[{"addresses":["127.0.0.1"],"conditions":{"ready":true} }]}""";

    private static Webhook Webhook(string bundle) => new()
    {
        Configuration = "c",
        Name = "hook.example.com",
        Mutates = false,
        Target = WebhookTarget.Of(new Admissionregistrationv1WebhookClientConfig
        {
            CaBundle = Convert.FromBase64String(bundle),
            Service = new Admissionregistrationv1ServiceReference { Name = "hook", NamespaceProperty = "tools", Path = "/check" },
        }),
        Rules = [],
        Namespaces = LabelSelector.Everything,
        Objects = LabelSelector.Everything,
        Conditions = [],
        FailsClosed = true,
        MatchesEquivalent = true,
        IsReinvoked = false,
        AllowsDryRun = true,
        Timeout = TimeSpan.FromSeconds(10),
        ReviewVersion = "v1",
    };
}
