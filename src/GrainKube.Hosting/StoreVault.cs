using System.Text;
using GrainKube.Objects.Store;
using GrainKube.Security.Pki;

namespace GrainKube.Hosting;

/// <summary>Secrets of a cluster whose silos share a store, kept there; the first silo's are everybody's.</summary>
internal sealed class StoreVault(IObjectStore store) : ISecretVault
{
    public async Task<string> GetOrCreateAsync(string name, Func<string> make, CancellationToken cancel)
    {
        var key = $"/grainkube/pki/{name}";
        if (await store.GetAsync(key, cancel) is { } known)
        {
            return Encoding.UTF8.GetString(known.Value.Span);
        }

        await store.CommitAsync(StoreTransaction.Create(key, Encoding.UTF8.GetBytes(make())), cancel);
        return Encoding.UTF8.GetString((await store.GetAsync(key, cancel))!.Value.Span);
    }
}
