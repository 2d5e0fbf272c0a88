using System.Threading.Channels;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace GrainKube.Networking.Dns.Zone;

/// <summary>Keeps the zone's table as the watch cache is. The cache's task only notes keys; a task of this class looks at what became of them.</summary>
internal sealed partial class ZoneFeed(WatchCache cache, ZoneTable table, string domain, ILogger<ZoneFeed> log) : IAsyncDisposable
{
    private const string ServiceLabel = "kubernetes.io/service-name";
    private static readonly GroupResource Services = new("", "services");
    private static readonly GroupResource Namespaces = new("", "namespaces");
    private static readonly GroupResource Slices = new("discovery.k8s.io", "endpointslices");
    private readonly Channel<(GroupResource Kind, string Namespace, string Name)> dirty = Channel.CreateUnbounded<(GroupResource, string, string)>(new() { SingleReader = true });

    // Names of the slices of each service; only the task touches it.
    private readonly Dictionary<(string Namespace, string Service), HashSet<string>> slices = [];
    private readonly Dictionary<(string Namespace, string Slice), string> owners = [];
    private readonly List<IDisposable> subscriptions = [];
    private Task following = Task.CompletedTask;

    /// <summary>Takes in what there is and follows from then on. Returns when the table is complete.</summary>
    public async Task StartAsync()
    {
        foreach (var kind in (GroupResource[])[Namespaces, Slices, Services])
        {
            var resource = kind;
            subscriptions.Add(cache.Kind(kind).Subscribe(change => dirty.Writer.TryWrite((resource, change.Subject.Key.Namespace, change.Subject.Key.Name))));
        }

        foreach (var kind in (GroupResource[])[Namespaces, Slices, Services])
        {
            foreach (var item in cache.Kind(kind).Snapshot.All)
            {
                dirty.Writer.TryWrite((kind, item.Key.Namespace, item.Key.Name));
            }
        }

        var loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        following = Task.Run(() => FollowAsync(loaded));
        await loaded.Task;
    }

    public async ValueTask DisposeAsync()
    {
        subscriptions.ForEach(s => s.Dispose());
        dirty.Writer.TryComplete();
        await following;
    }

    private async Task FollowAsync(TaskCompletionSource loaded)
    {
        var services = new HashSet<(string Namespace, string Name)>();
        do
        {
            // A burst of changes to one service's slices is one look at it.
            while (dirty.Reader.TryRead(out var item))
            {
                Note(item.Kind, item.Namespace, item.Name, services);
            }

            foreach (var (ns, name) in services)
            {
                Refresh(ns, name);
            }

            services.Clear();
            loaded.TrySetResult();
        }
        while (await dirty.Reader.WaitToReadAsync());
    }

    private void Note(GroupResource kind, string ns, string name, HashSet<(string Namespace, string Name)> services)
    {
        if (kind == Namespaces)
        {
            table.SetNamespace(name, cache.Kind(Namespaces).Get("", name) is not null);
        }
        else if (kind == Services)
        {
            services.Add((ns, name));
        }
        else
        {
            NoteSlice(ns, name, services);
        }
    }

    private void NoteSlice(string ns, string name, HashSet<(string Namespace, string Name)> services)
    {
        var now = cache.Kind(Slices).Get(ns, name)?.Header.Labels.GetValueOrDefault(ServiceLabel);
        if (owners.Remove((ns, name), out var before))
        {
            services.Add((ns, before));
            if (slices.TryGetValue((ns, before), out var rest) && rest.Remove(name) && rest.Count == 0)
            {
                slices.Remove((ns, before));
            }
        }

        if (now is { Length: > 0 })
        {
            owners[(ns, name)] = now;
            (slices.TryGetValue((ns, now), out var all) ? all : slices[(ns, now)] = []).Add(name);
            services.Add((ns, now));
        }
    }

    private void Refresh(string ns, string name)
    {
        var key = $"{name}.{ns}";
        try
        {
            var service = cache.Kind(Services).Get(ns, name)?.As<V1Service>();
            table.Set(key, service is null ? null : ServiceEntries.Of(service, SlicesOf(ns, name), domain));
        }
        catch (System.Text.Json.JsonException unreadable)
        {
            LogUnreadable(unreadable, key);
        }
    }

    private IEnumerable<V1EndpointSlice> SlicesOf(string ns, string service) =>
        slices.TryGetValue((ns, service), out var names)
            ? names.Order(StringComparer.Ordinal).Select(name => cache.Kind(Slices).Get(ns, name)?.As<V1EndpointSlice>()).OfType<V1EndpointSlice>()
            : [];

    [LoggerMessage(Level = LogLevel.Error, Message = "DNS keeps what it knew of {Service}: it cannot be read")]
    private partial void LogUnreadable(Exception error, string service);
}
