using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.CustomResources;

/// <summary>
/// Keeps the registry of this silo up with the CustomResourceDefinitions: a kind is served as soon as its names are accepted, and until it is gone. Start it when the cache is
/// loaded and before requests are served.
/// </summary>
public sealed partial class CustomResourceFeed : IDisposable
{
    internal static readonly GroupResource Definitions = new("apiextensions.k8s.io", "customresourcedefinitions");
    private readonly WatchCache cache;
    private readonly ResourceRegistry registry;
    private readonly CustomResourceParts parts;
    private readonly ILogger<CustomResourceFeed> log;
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Revision, string Fingerprint, GroupResource? Served)> known = new(StringComparer.Ordinal);
    private IDisposable? subscription;

    internal CustomResourceFeed(WatchCache cache, ResourceRegistry registry, CustomResourceParts parts, ILogger<CustomResourceFeed> log) =>
        (this.cache, this.registry, this.parts, this.log) = (cache, registry, parts, log);

    /// <summary>Takes in all that is there and follows from then on; completes when the objects of all custom resources are loaded. A second call does nothing.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        if (subscription is not null)
        {
            return;
        }

        var kind = cache.Kind(Definitions);
        subscription = kind.Subscribe(Take);
        foreach (var crd in kind.Snapshot.All)
        {
            Take(crd.Header.Name, crd, crd.Revision);
        }

        List<GroupResource> served;
        lock (gate)
        {
            served = [.. known.Values.Select(k => k.Served).OfType<GroupResource>()];
        }

        foreach (var resource in served)
        {
            await cache.KindWhenLoadedAsync(resource, cancel);
        }
    }

    public void Dispose() => subscription?.Dispose();

    private void Take(ObjectChange change) => Take(change.Subject.Key.Name, change.After, change.Revision);

    private void Take(string name, KubeObject? crd, long revision)
    {
        lock (gate)
        {
            var before = known.GetValueOrDefault(name);
            if (revision <= before.Revision)
            {
                return; // the first picture was older than a change that came while it was read
            }

            var fingerprint = crd is null ? "" : CustomResourceSpec.Fingerprint(crd);
            if (fingerprint == before.Fingerprint)
            {
                known[name] = before with { Revision = revision };
                return;
            }

            known[name] = (revision, fingerprint, Serve(name, crd, before.Served));
        }
    }

    private GroupResource? Serve(string name, KubeObject? crd, GroupResource? before)
    {
        try
        {
            if (crd is not null && CustomResourceSpec.Of(crd) is { } spec && !IsBuiltIn(spec.Names.GroupResource))
            {
                registry.Put(new CustomResource(spec, parts));
                return spec.Names.GroupResource;
            }
        }
        catch (Exception malformed) when (malformed is FormatException or InvalidOperationException or ArgumentException)
        {
            // Validation lets nothing of the kind pass; what an older program stored must not stop the others.
            LogMalformed(malformed, name);
        }

        if (before is { } gone)
        {
            registry.Remove(gone);
        }

        return null;
    }

    private bool IsBuiltIn(GroupResource resource) => registry.TryFind(resource, out var definition) && definition is not CustomResource;

    [LoggerMessage(Level = LogLevel.Error, Message = "CustomResourceDefinition {Name} cannot be served")]
    private partial void LogMalformed(Exception malformed, string name);
}
