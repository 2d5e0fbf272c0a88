using System.Text;
using GrainKube.Objects.Store;
using GrainKube.Security.Pki;

namespace GrainKube.ApiServer.Bootstrap;

/// <summary>Secrets in the store, for silos that share one: whoever may read the store may act as the cluster's authority.</summary>
public sealed class StoreVault(IObjectStore store) : ISecretVault
{
    private const string Prefix = "/grainkube/pki/";

    public async Task<string> GetOrCreateAsync(string name, Func<string> make, CancellationToken cancel)
    {
        var key = Prefix + name;
        if (await store.GetAsync(key, cancel) is { } kept)
        {
            return Text(kept);
        }

        var made = make();
        var commit = await store.CommitAsync(StoreTransaction.Create(key, Encoding.UTF8.GetBytes(made)), cancel);
        return commit.Succeeded ? made : Text(commit.Current[0]!);
    }

    private static string Text(StoreValue value) => Encoding.UTF8.GetString(value.Value.Span);
}
