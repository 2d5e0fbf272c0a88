using GrainKube.Objects.Embedded;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes;
using GrainKube.Reconciliation.Slices;
using Xunit;

namespace GrainKube.Reconciliation.Tests.Slices;

public sealed class EpochTests : IAsyncLifetime
{
    private readonly EmbeddedObjectStore store = new(new EmbeddedStoreOptions { Ephemeral = true });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task Who_takes_the_epoch_shuts_out_all_before()
    {
        var predecessor = await TakeAsync("one");
        Assert.True(await WriteAsync(predecessor, "a"));

        var successor = await TakeAsync("two");

        Assert.False(await WriteAsync(predecessor, "b"));
        Assert.True(await WriteAsync(successor, "c"));
    }

    [Fact]
    public async Task Names_do_not_disturb_each_other()
    {
        var mine = await TakeAsync("one");
        await Epoch.TakeAsync(store, "replicaset/4", "two", TimeProvider.System, CancellationToken.None);

        Assert.True(await WriteAsync(mine, "a"));
    }

    [Fact]
    public async Task Of_many_twins_exactly_one_remains()
    {
        var fences = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => TakeAsync($"twin-{i}")));

        var writes = await Task.WhenAll(fences.Select((f, i) => WriteAsync(f, $"key-{i}")));

        Assert.Equal(1, writes.Count(w => w));
    }

    private Task<WriterFence> TakeAsync(string holder) => Epoch.TakeAsync(store, "replicaset/3", holder, TimeProvider.System, CancellationToken.None);

    private async Task<bool> WriteAsync(WriterFence fence, string key) =>
        (await store.CommitAsync(StoreTransaction.Create($"/registry/{key}", "{}"u8.ToArray()).If(fence.Key, fence.Revision), CancellationToken.None)).Succeeded;
}
