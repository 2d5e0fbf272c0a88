using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace GrainKube.Networking.Dns.Zone;

/// <summary>All that the cluster's zone holds. Written by one task, read by any number without waiting; a look-up allocates nothing.</summary>
internal sealed class ZoneTable
{
    private readonly ConcurrentDictionary<string, ServiceEntry> services = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> namespaces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string[]> reverse = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ServiceEntry>.AlternateLookup<ReadOnlySpan<char>> serviceBySpan;
    private readonly ConcurrentDictionary<string, bool>.AlternateLookup<ReadOnlySpan<char>> namespaceBySpan;
    private readonly ConcurrentDictionary<string, string[]>.AlternateLookup<ReadOnlySpan<char>> reverseBySpan;
    private uint serial = 1;

    public ZoneTable()
    {
        serviceBySpan = services.GetAlternateLookup<ReadOnlySpan<char>>();
        namespaceBySpan = namespaces.GetAlternateLookup<ReadOnlySpan<char>>();
        reverseBySpan = reverse.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Grows with each change.</summary>
    public uint Serial => Volatile.Read(ref serial);

    /// <param name="key"><c>name.namespace</c>.</param>
    /// <param name="entry">What is known of it.</param>
    public bool TryFind(ReadOnlySpan<char> key, [MaybeNullWhen(false)] out ServiceEntry entry) => serviceBySpan.TryGetValue(key, out entry);

    public bool HasNamespace(ReadOnlySpan<char> name) => namespaceBySpan.TryGetValue(name, out _);

    /// <summary>The names of an address, by its name in the reverse tree.</summary>
    public bool TryFindReverse(ReadOnlySpan<char> name, [MaybeNullWhen(false)] out string[] names) => reverseBySpan.TryGetValue(name, out names);

    public void SetNamespace(string name, bool exists)
    {
        if (exists)
        {
            namespaces[name] = true;
        }
        else
        {
            namespaces.TryRemove(name, out _);
        }

        serial++;
    }

    /// <param name="key"><c>name.namespace</c>.</param>
    /// <param name="entry">Null where the service is gone.</param>
    public void Set(string key, ServiceEntry? entry)
    {
        var before = services.GetValueOrDefault(key);
        if (entry is null)
        {
            services.TryRemove(key, out _);
        }
        else
        {
            services[key] = entry;
        }

        var old = ReverseOf(before).ToHashSet();
        var now = ReverseOf(entry).ToHashSet();
        foreach (var (name, target) in old.Except(now))
        {
            var rest = reverse.GetValueOrDefault(name, []).Where(t => t != target).ToArray();
            if (rest.Length > 0)
            {
                reverse[name] = rest;
            }
            else
            {
                reverse.TryRemove(name, out _);
            }
        }

        foreach (var (name, target) in now.Except(old))
        {
            reverse[name] = [.. reverse.GetValueOrDefault(name, []), target];
        }

        serial++;
    }

    private static IEnumerable<(string Name, string Target)> ReverseOf(ServiceEntry? entry) => entry is null ? []
        : entry.Headless ? entry.Endpoints.Select(e => (ServiceEntries.ReverseName(e.Address), $"{e.Label}.{entry.FullName}"))
        : entry.Addresses4.Concat(entry.Addresses6).Select(a => (ServiceEntries.ReverseName(a), entry.FullName));
}
