using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;

namespace GrainKube.ApiServer.Aggregation;

/// <summary>What APIServices say, kept from this silo's watch cache. Costs one read where nothing has changed.</summary>
internal sealed class ExtensionApis(WatchCache cache)
{
    internal static readonly GroupResource Resource = new(GroupPriorities.Registration, "apiservices");
    private readonly Lock gate = new();
    private volatile Picture? picture;
    private bool subscribed;
    private long changes;

    /// <summary>The newest picture; the same instance as long as nothing changes that matters here.</summary>
    public Picture Current => picture ?? Load();

    /// <summary>Finds the other server that has a version of a group.</summary>
    public bool TryFind(string group, string version, [NotNullWhen(true)] out ExtensionApi? api)
    {
        var now = Current;
        api = null;
        return now.HasExtensions && now.ByVersion.TryGetValue((group, version), out api) && api.Target is not null;
    }

    private Picture Load()
    {
        lock (gate)
        {
            if (cache.TryKind(Resource) is not { } kind)
            {
                return Picture.Empty;
            }

            if (!subscribed)
            {
                kind.Subscribe(change =>
                {
                    // Conditions are written again and again; what is read of them seldom changes.
                    if (change.Before is null || change.After is null || ExtensionApi.Of(change.Before) != ExtensionApi.Of(change.After))
                    {
                        Interlocked.Increment(ref changes);
                        picture = null;
                    }
                });
                subscribed = true;
            }

            var before = Volatile.Read(ref changes);
            var made = new Picture(kind.Snapshot.All.Select(ExtensionApi.Of));
            picture = made;
            if (Volatile.Read(ref changes) != before)
            {
                picture = null; // something changed while the kind was read: the next caller looks again
            }

            return made;
        }
    }

    /// <summary>All registered versions at one moment.</summary>
    internal sealed class Picture
    {
        public static readonly Picture Empty = new([]);

        public Picture(IEnumerable<ExtensionApi> apis)
        {
            // Names are VERSION.GROUP, so no two say the same.
            ByVersion = apis.ToFrozenDictionary(api => (api.Group, api.Version));
            Extensions = [.. ByVersion.Values.Where(api => api.Target is not null).OrderBy(api => api.Name, StringComparer.Ordinal)];
        }

        public FrozenDictionary<(string Group, string Version), ExtensionApi> ByVersion { get; }

        /// <summary>Those that another server has, by name.</summary>
        public IReadOnlyList<ExtensionApi> Extensions { get; }

        public bool HasExtensions => Extensions.Count > 0;

        public (int Group, int Version) PriorityOf(string group, string version) =>
            ByVersion.TryGetValue((group, version), out var api) ? (api.GroupPriority, api.VersionPriority) : GroupPriorities.Of(group, version);
    }
}
