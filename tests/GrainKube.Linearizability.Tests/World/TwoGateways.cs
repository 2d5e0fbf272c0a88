using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using GrainKube.Hosting;
using GrainKube.Linearizability.Tests.History;
using GrainKube.Objects.Embedded;
using Xunit;

namespace GrainKube.Linearizability.Tests.World;

/// <summary>Two servers of one cluster in this process, each with its own bad connection to one store.</summary>
public sealed class TwoGateways : IAsyncLifetime
{
    public const string Namespace = "linear";
    private const string Prefix = $"/registry/configmaps/{Namespace}/";
    private readonly EmbeddedObjectStore store = new(new EmbeddedStoreOptions { Ephemeral = true });
    private readonly List<GrainKubeHost> hosts = [];
    private readonly List<FaultyStore> connections = [];

    internal IReadOnlyList<HttpClient> Clients { get; private set; } = [];

    internal long Faults => connections.Sum(c => c.Faults);

    public async Task InitializeAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var connection = new FaultyStore(store, seed: i);
            connections.Add(connection);
            hosts.Add(await GrainKubeHost.StartAsync(
                new GrainKubeOptions
                {
                    DataDirectory = "",
                    BindAddress = "127.0.0.1",
                    AdvertiseAddress = "127.0.0.1",
                    Port = 0,
                    NodeName = $"linear-{Environment.ProcessId}-{i}",
                    Clustering = ClusteringKind.Store,
                    NoNode = true,
                    ServiceProxy = ServiceProxyKind.None,
                    IngressHttpPort = 0,
                    IngressHttpsPort = 0,
                    Controllers = [],
                    Log = false,
                },
                CancellationToken.None,
                shared: connection));
        }

        Clients = [.. hosts.Select(Client)];
        using var made = await Clients[0].PostAsync(new Uri("/api/v1/namespaces", UriKind.Relative), Json($$"""{"metadata":{"name":"{{Namespace}}"} }"""));
        made.EnsureSuccessStatusCode();
        connections.ForEach(c => c.IsFaulty = true);
    }

    public async Task DisposeAsync()
    {
        Heal();
        foreach (var client in Clients)
        {
            client.Dispose();
        }

        await Task.WhenAll(hosts.Select(h => h.DisposeAsync().AsTask()));
        await store.DisposeAsync();
    }

    internal void Heal() => connections.ForEach(c => c.IsFaulty = false);

    internal static StringContent Json(string body, string type = "application/json") => new(body, null, type);

    /// <summary>Every change of the objects under test, read from the store itself.</summary>
    internal async Task<IReadOnlyList<WatchEvent>> ChangesAsync()
    {
        var newest = await store.GetRevisionAsync(CancellationToken.None);
        var changes = new List<WatchEvent>();
        var last = new Dictionary<string, string>();
        await foreach (var batch in store.WatchAsync(Prefix, 0, CancellationToken.None))
        {
            foreach (var change in batch.Items)
            {
                var key = change.Key[Prefix.Length..];
                if (change.Value is { } bytes)
                {
                    using var json = JsonDocument.Parse(bytes);
                    last[key] = ValueOf(json.RootElement);
                }

                changes.Add(new WatchEvent(change.Value is null ? "DELETED" : change.Revision == change.CreateRevision ? "ADDED" : "MODIFIED", key, last[key], change.Revision));
            }

            if (batch.Revision >= newest)
            {
                break;
            }
        }

        return changes;
    }

    internal static string ValueOf(JsonElement item) => item.GetProperty("data").GetProperty("value").GetString()!;

    private static HttpClient Client(GrainKubeHost host)
    {
        var certificate = host.Authority.IssueClient("kubernetes-admin", ["system:masters"], TimeSpan.FromDays(1)).Certificate;
        var handler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true };
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        handler.SslOptions.ClientCertificates = [certificate];
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(host.Authority.Certificate);
        return new HttpClient(handler) { BaseAddress = host.Address, DefaultRequestVersion = HttpVersion.Version20, Timeout = TimeSpan.FromSeconds(30) };
    }
}
