namespace GrainKube.Kubelet.Agent;

/// <summary>What the node has and what its pods were promised.</summary>
internal sealed class ResourceLedger
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, IReadOnlyDictionary<string, long>> promised = new(StringComparer.Ordinal);

    /// <summary>Amounts that pods may have together: CPU in thousandths, memory in bytes, <c>pods</c>, and whatever else the node offers.</summary>
    public IReadOnlyDictionary<string, long> Allocatable { get; set; } = new Dictionary<string, long>();

    /// <summary>Promises a pod its requests unless one of them does not fit. Safe to repeat.</summary>
    /// <param name="podUid">The pod.</param>
    /// <param name="requests">What it asks for, <c>pods</c> included.</param>
    /// <param name="force">The pod already runs here: it is counted whether it fits or not.</param>
    public Shortage? Admit(string podUid, IReadOnlyDictionary<string, long> requests, bool force)
    {
        lock (gate)
        {
            if (!force && !promised.ContainsKey(podUid))
            {
                foreach (var (name, amount) in requests)
                {
                    // An extended resource that the node knows nothing of is the cluster's affair: whoever scheduled the pod looked after it.
                    if (!Allocatable.TryGetValue(name, out var capacity) && name.Contains('/', StringComparison.Ordinal))
                    {
                        continue;
                    }

                    var used = promised.Values.Sum(p => p.GetValueOrDefault(name));
                    if (amount > 0 && used + amount > capacity)
                    {
                        return new Shortage(name, amount, used, capacity);
                    }
                }
            }

            promised[podUid] = requests;
            return null;
        }
    }

    /// <summary>Promises a pod that runs here other amounts, if they fit.</summary>
    /// <param name="podUid">The pod; one that was promised nothing yet is promised this.</param>
    /// <param name="requests">What it asks for now.</param>
    /// <param name="never">More than the whole node has: waiting will not help.</param>
    public Shortage? Resize(string podUid, IReadOnlyDictionary<string, long> requests, out bool never)
    {
        never = false;
        lock (gate)
        {
            var before = promised.GetValueOrDefault(podUid) ?? new Dictionary<string, long>();
            foreach (var (name, amount) in requests)
            {
                var used = promised.Where(p => p.Key != podUid).Sum(p => p.Value.GetValueOrDefault(name));
                var capacity = Allocatable.GetValueOrDefault(name);
                if (amount > before.GetValueOrDefault(name) && used + amount > capacity)
                {
                    never = amount > capacity;
                    return new Shortage(name, amount, used, capacity);
                }
            }

            promised[podUid] = requests;
            return null;
        }
    }

    public void Release(string podUid)
    {
        lock (gate)
        {
            promised.Remove(podUid);
        }
    }
}

/// <summary>A resource of which a pod asks more than is left.</summary>
internal sealed record Shortage(string Resource, long Requested, long Used, long Capacity);
