using System.Text.Json;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes;

namespace GrainKube.Reconciliation.Slices;

/// <summary>Takes an epoch in the store: from then on, writes of every earlier holder of the same name fail.</summary>
public static class Epoch
{
    /// <param name="store">Where epochs stand, under <c>/grainkube/epochs/</c>.</param>
    /// <param name="name">What is owned, for example <c>replicaset/3</c> or <c>kubelet/node-1</c>.</param>
    /// <param name="holder">Who takes it; only for the reader of the store.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancel">Stops trying.</param>
    /// <returns>The fence that writes under this epoch carry.</returns>
    /// <exception cref="StoreException">The store failed.</exception>
    public static async Task<WriterFence> TakeAsync(IObjectStore store, string name, string holder, TimeProvider time, CancellationToken cancel)
    {
        var key = $"/grainkube/epochs/{name}";
        var value = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["holder"] = holder, ["since"] = time.GetUtcNow().ToString("O") });
        while (true)
        {
            var current = await store.GetAsync(key, cancel);
            var commit = await store.CommitAsync(StoreTransaction.Update(key, value, current?.Revision ?? 0), cancel);
            if (commit.Succeeded)
            {
                return new WriterFence(key, commit.Revision);
            }
        }
    }
}
