using GrainKube.Objects.Embedded;
using GrainKube.Objects.Store;
using GrainKube.Testing.Stores;
using Microsoft.Extensions.Time.Testing;

namespace GrainKube.Objects.Tests.Embedded;

public sealed class EmbeddedObjectStoreTests : ObjectStoreConformance
{
    private readonly TemporaryDirectory directory = new();
    private readonly FakeTimeProvider time = new(new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    protected override TimeSpan ShortExpiry => TimeSpan.FromSeconds(30);

    protected override Task<IObjectStore> OpenAsync() =>
        Task.FromResult<IObjectStore>(new EmbeddedObjectStore(new() { Path = directory.File("store.db") }, time));

    protected override Task PassTimeAsync(TimeSpan time)
    {
        this.time.Advance(time + TimeSpan.FromMinutes(1));
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        directory.Dispose();
    }
}
