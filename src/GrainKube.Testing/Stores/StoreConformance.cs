using System.Text;
using GrainKube.Objects.Store;
using Xunit;

namespace GrainKube.Testing.Stores;

/// <summary>What the conformance classes of the stores share: a store, keys of their own, and short words for its calls.</summary>
public abstract class StoreConformance : IAsyncLifetime
{
    private readonly CancellationTokenSource timeout = new(TimeSpan.FromSeconds(120));

    /// <summary>Every key of a test starts with it: several tests may share a server.</summary>
    protected string Prefix { get; } = $"/conformance/{Guid.NewGuid():n}/";

    protected IObjectStore Store { get; private set; } = null!;

    protected CancellationToken Cancel => timeout.Token;

    public async Task InitializeAsync() => Store = await OpenAsync();

    public virtual async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        timeout.Dispose();
    }

    /// <summary>A store; every call of one test opens the same data.</summary>
    protected abstract Task<IObjectStore> OpenAsync();

    /// <summary>Closes the store, ends what holds its data, and opens it again.</summary>
    protected async Task RestartAsync()
    {
        await Store.DisposeAsync();
        await RestartServerAsync();
        Store = await OpenAsync();
    }

    /// <summary>Ends the server behind the store, if there is one, and starts it again.</summary>
    protected virtual Task RestartServerAsync() => Task.CompletedTask;

    protected string Key(string name) => Prefix + name;

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(ReadOnlyMemory<byte>? value) => Encoding.UTF8.GetString(value!.Value.Span);

    protected Task<StoreCommit> CommitAsync(StoreTransaction transaction) => Store.CommitAsync(transaction, Cancel);

    protected async Task<long> CreateAsync(string name, string value = "{}") => Applied(await CommitAsync(StoreTransaction.Create(Key(name), Bytes(value))));

    protected async Task<long> UpdateAsync(string name, string value, long expected) =>
        Applied(await CommitAsync(StoreTransaction.Update(Key(name), Bytes(value), expected)));

    protected async Task<long> DeleteAsync(string name, long expected) => Applied(await CommitAsync(StoreTransaction.Delete(Key(name), expected)));

    protected Task<StoreValue?> GetAsync(string name) => Store.GetAsync(Key(name), Cancel);

    protected Task<StorePage> ListAsync(StoreListOptions options = default) => Store.ListAsync(Prefix, options, Cancel);

    /// <summary>Names and values of a page, for comparing.</summary>
    protected string[] Shown(StorePage page) => [.. page.Items.Select(item => $"{item.Key[Prefix.Length..]}={Text(item.Value)}")];

    /// <summary>Follows the watch until it was told so many changes.</summary>
    protected async Task<List<StoreChange>> WatchAsync(long after, int count, string under = "")
    {
        var seen = new List<StoreChange>();
        if (count == 0)
        {
            return seen;
        }

        await foreach (var batch in Store.WatchAsync(Prefix + under, after, Cancel))
        {
            Assert.All(batch.Items, change => Assert.True(change.Revision <= batch.Revision, "a change came after its position"));
            seen.AddRange(batch.Items);
            if (seen.Count >= count)
            {
                break;
            }
        }

        return seen;
    }

    protected static async Task<StoreError> ErrorOfAsync(Func<Task> call) => (await Assert.ThrowsAsync<StoreException>(call)).Error;

    private static long Applied(StoreCommit commit)
    {
        Assert.True(commit.Succeeded);
        return commit.Revision;
    }
}
