using System.Collections.Concurrent;
using Etcdserverpb;
using GrainKube.Etcd.Connection;

namespace GrainKube.Etcd;

/// <summary>Leases for expiring keys: all keys that expire in the same minute share one.</summary>
internal sealed class EtcdLeases(EtcdConnection connection, TimeSpan unit, TimeProvider time)
{
    private readonly ConcurrentDictionary<long, Lazy<Task<long>>> granted = new();

    /// <summary>The lease of keys that expire so much later, rounded up.</summary>
    public async Task<long> GetAsync(TimeSpan expiry, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcTicks;
        var slot = (now + expiry.Ticks + unit.Ticks - 1) / unit.Ticks;
        foreach (var past in granted.Keys)
        {
            if (past * unit.Ticks <= now)
            {
                granted.TryRemove(past, out _);
            }
        }

        var grant = granted.GetOrAdd(slot, static (slot, self) => new(() => self.GrantAsync(slot)), this);
        try
        {
            return await grant.Value.WaitAsync(cancel);
        }
        catch (Objects.Store.StoreException)
        {
            granted.TryRemove(new(slot, grant));
            throw;
        }
    }

    /// <summary>etcd does not know them any more (it was given other data).</summary>
    public void Forget() => granted.Clear();

    private async Task<long> GrantAsync(long slot)
    {
        var left = TimeSpan.FromTicks((slot * unit.Ticks) - time.GetUtcNow().UtcTicks);
        var request = new LeaseGrantRequest { TTL = Math.Max(1, (long)Math.Ceiling(left.TotalSeconds)) };
        return (await connection.AskAsync(static (endpoint, request, options) => endpoint.Leases.LeaseGrantAsync(request, options), request, default)).ID;
    }
}
