using GrainKube.Objects.Embedded;
using GrainKube.Objects.Store;
using GrainKube.Testing.Stores;

namespace GrainKube.Objects.Tests.Embedded;

public sealed class EmbeddedStoreWatchTests : StoreWatchConformance
{
    private readonly TemporaryDirectory directory = new();

    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new EmbeddedObjectStore(new() { Path = directory.File("store.db") }));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        directory.Dispose();
    }
}
