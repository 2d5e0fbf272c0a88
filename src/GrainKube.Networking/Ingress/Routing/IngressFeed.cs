using System.Net.Security;
using System.Security.Cryptography;
using System.Threading.Channels;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Networking.Ingress.Certificates;
using GrainKube.Objects.Cache;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace GrainKube.Networking.Ingress.Routing;

/// <summary>Makes the table anew when something in the watch cache changed that it rests on. Changes of one moment are one new table.</summary>
internal sealed partial class IngressFeed(WatchCache cache, IngressState state, TimeProvider time, ILogger<IngressFeed> log) : IAsyncDisposable
{
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(10);
    private readonly Channel<bool> wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<IDisposable> subscriptions = [];
    private readonly Dictionary<string, (string Revision, SslStreamCertificateContext? Certificate)> read = [];
    private volatile HashSet<ObjectKey> watched = [];
    private Task following = Task.CompletedTask;

    /// <summary>Makes the first table, and follows from then on.</summary>
    public void Start()
    {
        foreach (var kind in (GroupResource[])[CachedWorld.Ingresses, CachedWorld.Classes])
        {
            subscriptions.Add(cache.Kind(kind).Subscribe(_ => wakes.Writer.TryWrite(true)));
        }

        foreach (var kind in (GroupResource[])[CachedWorld.Services, CachedWorld.SliceKind, CachedWorld.Secrets])
        {
            subscriptions.Add(cache.Kind(kind).Subscribe(OnChange));
        }

        Rebuild();
        following = Task.Run(FollowAsync);
    }

    public async ValueTask DisposeAsync()
    {
        subscriptions.ForEach(s => s.Dispose());
        wakes.Writer.TryComplete();
        await following;
    }

    private void OnChange(ObjectChange change)
    {
        if (watched.Contains(CachedWorld.SubjectOf(change.Subject)))
        {
            wakes.Writer.TryWrite(true);
        }
    }

    private async Task FollowAsync()
    {
        while (await wakes.Reader.WaitToReadAsync())
        {
            await Task.Delay(Together, time);
            while (wakes.Reader.TryRead(out _))
            {
            }

            Rebuild();
        }
    }

    private void Rebuild()
    {
        try
        {
            var world = new CachedWorld(cache);
            var all = CachedWorld.All(cache).ToList();
            var routes = RouteTable.Build(all, world);
            var certificates = CertificateTable.Build(all, world, ReadOnce);
            var before = watched;
            watched = world.Asked;
            state.Replace(routes, certificates);
            if (!world.Asked.IsSubsetOf(before))
            {
                wakes.Writer.TryWrite(true); // what is watched only now may have changed while the table was made
            }
        }
        catch (System.Text.Json.JsonException unreadable)
        {
            LogUnreadable(unreadable);
        }
    }

    private SslStreamCertificateContext? ReadOnce(V1Secret secret)
    {
        var key = $"{secret.Metadata.NamespaceProperty}/{secret.Metadata.Name}";
        if (read.TryGetValue(key, out var known) && known.Revision == secret.Metadata.ResourceVersion)
        {
            return known.Certificate;
        }

        SslStreamCertificateContext? certificate = null;
        try
        {
            certificate = CertificateTable.Read(secret);
        }
        catch (CryptographicException invalid)
        {
            LogInvalid(key, invalid.Message);
        }

        read[key] = (secret.Metadata.ResourceVersion ?? "", certificate);
        return certificate;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Ingress goes on with what it knew: an object cannot be read")]
    private partial void LogUnreadable(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Secret {Secret} holds no usable certificate: {Why}")]
    private partial void LogInvalid(string secret, string why);
}
