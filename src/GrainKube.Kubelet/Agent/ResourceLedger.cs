namespace GrainKube.Kubelet.Agent;

/// <summary>What the node has and what its pods were promised.</summary>
internal sealed class ResourceLedger
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, IReadOnlyDictionary<string, long>> promised = new(StringComparer.Ordinal);

    private readonly Dictionary<string, (IReadOnlyDictionary<string, long> Requests, WaitingResize Who)> waiting = new(StringComparer.Ordinal);

    /// <summary>Amounts that pods may have together: CPU in thousandths, memory in bytes, <c>pods</c>, and whatever else the node offers.</summary>
    public IReadOnlyDictionary<string, long> Allocatable
    {
        get;
        set
        {
            field = value;
            GiveToThoseWhoWait();
        }
    } = new Dictionary<string, long>();

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

    /// <summary>Promises a pod that runs here other amounts, if they fit. If not it waits: it is promised them, and woken, as soon as they do.</summary>
    /// <param name="podUid">The pod; one that was promised nothing yet is promised this.</param>
    /// <param name="requests">What it asks for now.</param>
    /// <param name="who">Its place among those who wait.</param>
    /// <param name="never">More than the whole node has: only another node would do.</param>
    public Shortage? Resize(string podUid, IReadOnlyDictionary<string, long> requests, WaitingResize who, out bool never)
    {
        lock (gate)
        {
            var shortage = ShortageOf(podUid, requests);
            never = shortage is not null && shortage.Requested > shortage.Capacity;
            if (shortage is not null)
            {
                waiting[podUid] = (requests, waiting.TryGetValue(podUid, out var before) ? who with { Since = before.Who.Since } : who);
                return shortage;
            }

            waiting.Remove(podUid);
            promised[podUid] = requests;
        }

        GiveToThoseWhoWait();
        return null;
    }

    public void Release(string podUid)
    {
        lock (gate)
        {
            waiting.Remove(podUid);
            promised.Remove(podUid);
        }

        GiveToThoseWhoWait();
    }

    /// <summary>In upstream's order: by priority, by quality of service, by how long they have waited.</summary>
    private void GiveToThoseWhoWait()
    {
        var given = new List<Action>();
        lock (gate)
        {
            foreach (var (podUid, (requests, who)) in waiting.OrderByDescending(w => w.Value.Who.Priority).ThenBy(w => w.Value.Who.Service).ThenBy(w => w.Value.Who.Since).ToList())
            {
                if (ShortageOf(podUid, requests) is null)
                {
                    waiting.Remove(podUid);
                    promised[podUid] = requests;
                    given.Add(who.Wake);
                }
            }
        }

        given.ForEach(wake => wake());
    }

    /// <summary>What is asked for that was not had, and does not fit.</summary>
    private Shortage? ShortageOf(string podUid, IReadOnlyDictionary<string, long> requests)
    {
        var before = promised.GetValueOrDefault(podUid);
        foreach (var (name, amount) in requests)
        {
            var used = promised.Where(p => p.Key != podUid).Sum(p => p.Value.GetValueOrDefault(name));
            var capacity = Allocatable.GetValueOrDefault(name);
            if (amount > (before?.GetValueOrDefault(name) ?? 0) && used + amount > capacity)
            {
                return new Shortage(name, amount, used, capacity);
            }
        }

        return null;
    }
}

/// <summary>A pod that is to be resized and waits.</summary>
/// <param name="Priority">Of the pod.</param>
/// <param name="Service">Its quality of service; the least first.</param>
/// <param name="Since">When it began to wait.</param>
/// <param name="Wake">Has it look again.</param>
internal sealed record WaitingResize(int Priority, int Service, DateTimeOffset Since, Action Wake);

/// <summary>A resource of which a pod asks more than is left.</summary>
internal sealed record Shortage(string Resource, long Requested, long Used, long Capacity);
