using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Hosting;
using GrainKube.Objects.Client;
using GrainKube.Reconciliation;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GrainKube.Testing.Clusters;

/// <summary>
/// A whole cluster in this process: store in memory, gateway on a free loopback port, controllers, scheduler, and a node that pretends to run containers.
/// </summary>
/// <remarks>It is the real server: only the store is in memory and the container runtime simulated. Share one among tests and give each a <see cref="NamespaceAsync">namespace</see>.</remarks>
public sealed class GrainKubeCluster : IAsyncDisposable
{
    private static readonly UserInfo Admin = new() { Name = "kubernetes-admin", Groups = ["system:masters", "system:authenticated"] };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static int clusters;
    private int namespaces;

    private GrainKubeCluster(GrainKubeHost host)
    {
        Host = host;
        Objects = Service<ObjectClientFactory>().For(Admin);
    }

    /// <summary>The server in this process.</summary>
    public GrainKubeHost Host { get; }

    /// <summary>Reads and writes as an administrator.</summary>
    public ObjectClient Objects { get; }

    /// <param name="with">Changes the options, for example to add simulated nodes.</param>
    /// <param name="configure">Changes the services.</param>
    public static async Task<GrainKubeCluster> StartAsync(Func<GrainKubeOptions, GrainKubeOptions>? with = null, Action<IServiceCollection>? configure = null)
    {
        var options = new GrainKubeOptions
        {
            DataDirectory = "",
            BindAddress = "127.0.0.1",
            AdvertiseAddress = "127.0.0.1",
            Port = 0,
            NodeName = string.Create(CultureInfo.InvariantCulture, $"test-{Environment.ProcessId}-{Interlocked.Increment(ref clusters)}"),
            Runtime = RuntimeKind.Simulated,
            Log = false,
        };
        return new GrainKubeCluster(await GrainKubeHost.StartAsync(with is null ? options : with(options), CancellationToken.None, configure));
    }

    /// <summary>A service of the server's process.</summary>
    public T Service<T>() where T : notnull => Host.Services.GetRequiredService<T>();

    /// <summary>A client of the gateway with a certificate of its own; relative addresses go there. Dispose it.</summary>
    /// <param name="user">Who it is. Default: the administrator.</param>
    /// <param name="groups">Where it belongs. Default: <c>system:masters</c>.</param>
    public HttpClient NewHttpClient(string user = "kubernetes-admin", params string[] groups)
    {
        var certificate = Host.Authority.IssueClient(user, groups.Length > 0 ? groups : ["system:masters"], TimeSpan.FromDays(1)).Certificate;
        var handler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true };
        handler.SslOptions.ClientCertificates = [certificate];
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(Host.Authority.Certificate);
        return new HttpClient(handler) { BaseAddress = Host.Address, DefaultRequestVersion = HttpVersion.Version20 };
    }

    /// <summary>A namespace that no other test uses, ready for pods.</summary>
    public async Task<TestNamespace> NamespaceAsync(string prefix = "test")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Interlocked.Increment(ref namespaces)}");
        await ApplyAsync(Sample.Namespace(name));
        var made = new TestNamespace(this, name);
        if (Service<IOptions<ReconciliationOptions>>().Value.IsEnabled("serviceaccount"))
        {
            // Admission refuses pods before that.
            await made.EventuallyOneAsync<V1ServiceAccount>("default", _ => true);
        }

        return made;
    }

    /// <summary>Creates the object, or merges it into the one that is there.</summary>
    public async Task<KubeObject> ApplyAsync(JsonObject item)
    {
        var key = await KeyOfAsync(item);
        await Objects.Cache.WaitUntilCurrentAsync(CancellationToken.None);
        return Objects.Get(key) is null
            ? await Objects.CreateAsync(item, CancellationToken.None)
            : await Objects.PatchAsync(key, item, "", null, CancellationToken.None);
    }

    /// <summary>Merges a patch into an object.</summary>
    /// <param name="key">The object.</param>
    /// <param name="patch">JSON.</param>
    /// <param name="subresource">Empty, <c>status</c> or <c>scale</c>.</param>
    public Task<KubeObject> PatchAsync(ObjectKey key, string patch, string subresource = "") =>
        Objects.PatchAsync(key, (JsonObject)JsonNode.Parse(patch)!, subresource, null, CancellationToken.None);

    /// <summary>The object as every acknowledged write left it; null where there is none.</summary>
    public async Task<KubeObject?> GetAsync(ObjectKey key)
    {
        await Objects.Cache.WaitUntilCurrentAsync(CancellationToken.None);
        return Objects.Get(key);
    }

    /// <summary>Waits until the objects of a kind are as <paramref name="condition"/> wants them; sees every write made before the call and looks again at every change of the kind.</summary>
    /// <param name="select">Which of the kind's objects are looked at.</param>
    /// <param name="condition">What they are to be.</param>
    /// <param name="patience">How long to wait. Default: a minute.</param>
    /// <exception cref="EventuallyException">It did not come to be; the message shows what was there instead.</exception>
    public async Task<IReadOnlyList<KubeObject>> EventuallyAsync<T>(
        Func<KubeObject, bool> select, Func<IReadOnlyList<KubeObject>, bool> condition, TimeSpan? patience = null) where T : class
    {
        using var timeout = new CancellationTokenSource(patience ?? Patience);
        await UntilAsync(() => TryFind(typeof(T)), $"the kind of {typeof(T)}", timeout.Token);
        var kind = await Objects.Cache.KindWhenLoadedAsync(Service<ResourceRegistry>().ResourceOf(typeof(T)), timeout.Token) ?? throw new EventuallyException([]);
        using var changed = new SemaphoreSlim(1);
        using var subscription = kind.Subscribe(_ => changed.Release());
        await Objects.Cache.WaitUntilCurrentAsync(timeout.Token);
        while (true)
        {
            try
            {
                await changed.WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new EventuallyException(kind.Snapshot.All.Where(select));
            }

            var found = kind.Snapshot.All.Where(select).ToList();
            if (condition(found))
            {
                return found;
            }
        }
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    // A custom resource is served a moment after its definition was made: at the cluster's start by a reconciler, or by the test just now.
    private async Task<ObjectKey> KeyOfAsync(JsonObject item)
    {
        using var timeout = new CancellationTokenSource(Patience);
        var (version, kind) = ((string)item["apiVersion"]!, (string)item["kind"]!);
        await UntilAsync(() => Service<ResourceRegistry>().TryFindKind(version, kind, out _), $"{kind} of {version}", timeout.Token);
        Service<ResourceRegistry>().TryFindKind(version, kind, out var definition);
        var names = definition!.Names;
        await Objects.Cache.KindWhenLoadedAsync(names.GroupResource, timeout.Token);
        return new ObjectKey(names.Group, names.Plural, names.Namespaced ? (string?)item["metadata"]!["namespace"] ?? "default" : "", (string?)item["metadata"]!["name"] ?? "");
    }

    private bool TryFind(Type model) => Service<ResourceRegistry>() is var registry && registry.TryFind(registry.ResourceOf(model), out _);

    private async Task UntilAsync(Func<bool> served, string what, CancellationToken cancel)
    {
        var changed = new SemaphoreSlim(0);
        void OnChanged() => changed.Release();
        var registry = Service<ResourceRegistry>();
        registry.Changed += OnChanged;
        try
        {
            while (!served())
            {
                await changed.WaitAsync(cancel);
            }
        }
        catch (OperationCanceledException)
        {
            throw new ArgumentException($"{what} is not served");
        }
        finally
        {
            registry.Changed -= OnChanged;
        }
    }
}
