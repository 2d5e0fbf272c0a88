using System.Collections.Concurrent;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.FlowControl;

/// <summary>How many watches of clients of this server are open, by what they look at. A write asks it: where nobody watches its kind that costs one look into a dictionary.</summary>
internal sealed class WatchCounts
{
    private readonly ConcurrentDictionary<GroupResource, Watches> kinds = new();

    /// <summary>Counts a watch until the result is disposed of. One of the pods of a single node is not counted: hardly a write concerns it.</summary>
    public IDisposable? Count(RequestInfo watch)
    {
        if (watch.Resource == "pods" && IsOfOneNode(watch.FieldSelector))
        {
            return null;
        }

        var kind = kinds.GetOrAdd(new GroupResource(watch.ApiGroup, watch.Resource), static _ => new Watches());
        return kind.Count(watch.Namespace, watch.Name);
    }

    /// <summary>The watches that a write concerns: those of its whole kind, of its namespace, of its object.</summary>
    public int Of(RequestInfo write)
    {
        // To ask for a token changes nothing that could be watched.
        if (!kinds.TryGetValue(new GroupResource(write.ApiGroup, write.Resource), out var kind) || write is { Resource: "serviceaccounts", Subresource: "token" })
        {
            return 0;
        }

        return kind.Of(write.Namespace, write.Name);
    }

    private static bool IsOfOneNode(string selector) => selector.Split(',', StringSplitOptions.TrimEntries).Any(static term =>
        term.StartsWith("spec.nodeName=", StringComparison.Ordinal) && term["spec.nodeName=".Length..].TrimStart('=').Length > 0);

    private sealed class Watches
    {
        private readonly ConcurrentDictionary<(string Namespace, string Name), int> places = new();
        private int all;
        private int total;

        public IDisposable Count(string ns, string name)
        {
            Add(ns, name, 1);
            return new Leaving(() => Add(ns, name, -1));
        }

        public int Of(string ns, string name)
        {
            var found = Volatile.Read(ref all);
            if (Volatile.Read(ref total) == found)
            {
                return found;
            }

            if (ns.Length > 0)
            {
                found += places.GetValueOrDefault((ns, ""));
            }

            return name.Length > 0 ? found + places.GetValueOrDefault((ns, name)) : found;
        }

        private void Add(string ns, string name, int by)
        {
            Interlocked.Add(ref total, by);
            if (ns.Length == 0 && name.Length == 0)
            {
                Interlocked.Add(ref all, by);
                return;
            }

            places.AddOrUpdate((ns, name), static (_, change) => change, static (_, count, change) => count + change, by);
            places.TryRemove(new KeyValuePair<(string, string), int>((ns, name), 0));
        }
    }

    private sealed class Leaving(Action leave) : IDisposable
    {
        private Action? leave = leave;

        public void Dispose() => Interlocked.Exchange(ref leave, null)?.Invoke();
    }
}
