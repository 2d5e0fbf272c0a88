using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using GrainKube.Testing.Clusters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GrainKube.Server.Tests.Protection;

public sealed class AuditTests : IAsyncLifetime
{
    private const string Policy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        rules:
        - {level: RequestResponse, omitManagedFields: true, namespaces: [audited], resources: [{group: "", resources: [configmaps]}]}
        - {level: Metadata, namespaces: [audited]}
        - {level: Metadata, nonResourceURLs: [/version]}
        """;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("audit-");
    private readonly Channel<JsonNode> reported = Channel.CreateUnbounded<JsonNode>();
    private WebApplication webhook = null!;
    private GrainKubeCluster cluster = null!;
    private HttpClient client = null!;

    private string LogPath => Path.Combine(directory.FullName, "audit.log");

    [Fact]
    public async Task A_request_is_recorded_with_what_it_sent_and_got()
    {
        const string body = "{\n \"metadata\":{\"name\":\"one\"},\n \"data\":{\"a\":\"b\"}}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/namespaces/audited/configmaps") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("Audit-ID", "mine-1");
        request.Headers.Add("X-Forwarded-For", "192.0.2.7");
        request.Headers.UserAgent.ParseAdd("tester/1.0");
        using var answer = await client.SendAsync(request);
        Assert.Equal((201, "mine-1"), ((int)answer.StatusCode, answer.Headers.GetValues("Audit-Id").Single()));

        var events = await EventsAsync("mine-1", 2);
        Assert.Equal(["RequestReceived", "ResponseComplete"], events.Select(e => (string?)e["stage"]));
        var whole = events[1];
        Assert.Equal(
            ("Event", "audit.k8s.io/v1", "RequestResponse", "create", "/api/v1/namespaces/audited/configmaps"),
            ((string?)whole["kind"], (string?)whole["apiVersion"], (string?)whole["level"], (string?)whole["verb"], (string?)whole["requestURI"]));
        Assert.Equal("admin", (string?)whole["user"]!["username"]);
        Assert.Equal("""["192.0.2.7","127.0.0.1"]""", whole["sourceIPs"]!.ToJsonString());
        Assert.Equal("tester/1.0", (string?)whole["userAgent"]);
        Assert.Equal("""{"resource":"configmaps","namespace":"audited","name":"one","apiVersion":"v1"}""", whole["objectRef"]!.ToJsonString());
        Assert.Equal("""{"metadata":{},"code":201}""", whole["responseStatus"]!.ToJsonString());
        Assert.Equal("b", (string?)whole["requestObject"]!["data"]!["a"]);
        Assert.NotNull(whole["responseObject"]!["metadata"]!["uid"]);
        Assert.Null(whole["responseObject"]!["metadata"]!["managedFields"]);
        Assert.Equal(("allow", ""), ((string?)whole["annotations"]!["authorization.k8s.io/decision"], (string?)whole["annotations"]!["authorization.k8s.io/reason"]));
        Assert.Null(events[0]["responseStatus"]);

        // The webhook is told the same.
        var list = await reported.Reader.ReadAsync();
        Assert.Equal(("EventList", "audit.k8s.io/v1"), ((string?)list["kind"], (string?)list["apiVersion"]));
        Assert.Equal("mine-1", (string?)list["items"]![0]!["auditID"]);
    }

    [Fact]
    public async Task Refusals_impersonation_and_watches_are_recorded()
    {
        using var asJane = new HttpRequestMessage(HttpMethod.Get, "/api/v1/namespaces/audited/secrets/none");
        asJane.Headers.Add("Impersonate-User", "jane");
        asJane.Headers.Add("Audit-ID", "jane-1");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(asJane)).StatusCode);
        var refused = (await EventsAsync("jane-1", 2))[1];
        Assert.Equal(("Metadata", "admin", "jane"), ((string?)refused["level"], (string?)refused["user"]!["username"], (string?)refused["impersonatedUser"]!["username"]));
        Assert.Equal(("Failure", "Forbidden", 403), ((string?)refused["responseStatus"]!["status"], (string?)refused["responseStatus"]!["reason"], (int)refused["responseStatus"]!["code"]!));
        Assert.Equal("forbid", (string?)refused["annotations"]!["authorization.k8s.io/decision"]);

        using (var watch = new HttpRequestMessage(HttpMethod.Get, "/api/v1/namespaces/audited/pods?watch=true"))
        {
            watch.Headers.Add("Audit-ID", "watch-1");
            using var open = await client.SendAsync(watch, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(["RequestReceived", "ResponseStarted"], (await EventsAsync("watch-1", 2)).Select(e => (string?)e["stage"]));
        }

        var ended = (await EventsAsync("watch-1", 3))[2];
        Assert.Equal(("ResponseComplete", 200), ((string?)ended["stage"], (int)ended["responseStatus"]!["code"]!));

        using var nobody = new HttpRequestMessage(HttpMethod.Get, "/version");
        nobody.Headers.Authorization = new("Bearer", "wrong");
        nobody.Headers.Add("Audit-ID", "nobody-1");
        using var bare = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true }) { BaseAddress = client.BaseAddress };
        Assert.Equal(HttpStatusCode.Unauthorized, (await bare.SendAsync(nobody)).StatusCode);
        var unknown = (await EventsAsync("nobody-1", 1))[0];
        Assert.Equal(("Authentication failed, attempted: bearer", 401), ((string?)unknown["responseStatus"]!["message"], (int)unknown["responseStatus"]!["code"]!));
    }

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        webhook = builder.Build();
        webhook.Run(async http =>
        {
            Assert.Equal("Bearer hush", http.Request.Headers.Authorization.ToString());
            await reported.Writer.WriteAsync((await JsonNode.ParseAsync(http.Request.Body))!);
        });
        await webhook.StartAsync();
        var address = webhook.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "policy.yaml"), Policy);
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "webhook.yaml"), $$"""
            apiVersion: v1
            kind: Config
            clusters: [{name: a, cluster: {server: "{{address}}/events"} }]
            users: [{name: u, user: {token: hush} }]
            contexts: [{name: c, context: {cluster: a, user: u} }]
            current-context: c
            """);
        cluster = await GrainKubeCluster.StartAsync(options => options with
        {
            Audit = new()
            {
                PolicyFile = Path.Combine(directory.FullName, "policy.yaml"), LogPath = LogPath, WebhookConfigFile = Path.Combine(directory.FullName, "webhook.yaml"), WebhookBatchMaxWait = TimeSpan.FromMilliseconds(50),
            },
        });
        await cluster.ApplyAsync(Sample.Namespace("audited"));
        await cluster.Objects.WaitForOwnWritesAsync(CancellationToken.None);
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        handler.ClientCertificates.Add(cluster.Host.Authority.IssueClient("admin", ["system:masters"], TimeSpan.FromHours(1)).Certificate);
        client = new HttpClient(handler) { BaseAddress = cluster.Host.Address };
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await cluster.DisposeAsync();
        await webhook.DisposeAsync();
        directory.Delete(recursive: true);
    }

    /// <summary>The events of a request, once there are so many; the writer is behind by a moment.</summary>
    private async Task<List<JsonNode>> EventsAsync(string id, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var found = (File.Exists(LogPath) ? await ReadAsync() : []).Where(e => (string?)e["auditID"] == id).ToList();
            if (found.Count >= count)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private async Task<IEnumerable<JsonNode>> ReadAsync()
    {
        await using var stream = new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var lines = (await reader.ReadToEndAsync()).Split('\n');

        // The last piece is empty, or a line that is being written.
        return lines[..^1].Select(line => JsonNode.Parse(line)!);
    }
}
