using GrainKube.Objects.GrainStorage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Xunit;

namespace GrainKube.Testing.Stores;

/// <summary>What the grain storage must do on every store.</summary>
public abstract class GrainStorageConformance : StoreConformance
{
    private readonly GrainId grain = GrainId.Create("counter", $"a/b {Guid.NewGuid():n}");

    private IGrainStorage Storage => field ??= new ServiceCollection().AddSingleton(Store).AddObjectStoreGrainStorage("grains").BuildServiceProvider().GetRequiredKeyedService<IGrainStorage>("grains");

    [Fact]
    public async Task A_state_that_was_never_written_is_new()
    {
        var state = await ReadAsync();
        Assert.Equal((0, false, null), (state.State!.Count, state.RecordExists, state.ETag));
    }

    [Fact]
    public async Task A_written_state_is_read_again()
    {
        var state = await ReadAsync();
        state.State!.Count = 7;
        await Storage.WriteStateAsync("state", grain, state, Cancel);
        var again = await ReadAsync();
        Assert.Equal((7, true, state.ETag), (again.State!.Count, again.RecordExists, again.ETag));
    }

    [Fact]
    public async Task Of_two_who_read_the_same_the_second_to_write_is_refused()
    {
        var (first, second) = (await ReadAsync(), await ReadAsync());
        await Storage.WriteStateAsync("state", grain, first, Cancel);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("state", grain, second, Cancel));
        await Storage.WriteStateAsync("state", grain, first, Cancel);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("state", grain, second, Cancel));
    }

    [Fact]
    public async Task A_cleared_state_is_new_and_may_be_written_again()
    {
        var state = await ReadAsync();
        state.State!.Count = 7;
        await Storage.WriteStateAsync("state", grain, state, Cancel);
        await Storage.ClearStateAsync("state", grain, state, Cancel);
        Assert.Equal((0, false), (state.State!.Count, state.RecordExists));
        Assert.False((await ReadAsync()).RecordExists);
        await Storage.WriteStateAsync("state", grain, state, Cancel);
        Assert.True((await ReadAsync()).RecordExists);
    }

    [Fact]
    public async Task States_of_one_grain_are_apart()
    {
        await Storage.WriteStateAsync("other", grain, new GrainState<Counter>(new Counter { Count = 1 }), Cancel);
        Assert.False((await ReadAsync()).RecordExists);
    }

    private async Task<GrainState<Counter>> ReadAsync()
    {
        var state = new GrainState<Counter>(new Counter());
        await Storage.ReadStateAsync("state", grain, state, Cancel);
        return state;
    }

    private sealed class Counter
    {
        public int Count { get; set; }
    }
}
