using GrainKube.Objects.Embedded;
using GrainKube.Objects.Encryption;
using GrainKube.Objects.Store;
using GrainKube.Objects.Tests.Embedded;
using GrainKube.Testing.Stores;
using Microsoft.Extensions.Time.Testing;

namespace GrainKube.Objects.Tests.Encryption;

/// <summary>Whoever uses the store notices nothing.</summary>
public sealed class EncryptedStoreConformanceTests : ObjectStoreConformance
{
    private readonly FakeTimeProvider time = new(new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly TemporaryDirectory directory = new();

    protected override TimeSpan ShortExpiry => TimeSpan.FromSeconds(30);

    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new EncryptedObjectStore(
        new EmbeddedObjectStore(new() { Path = directory.File("store.db") }, time), Keys.Configuration("'*.*'", "aesgcm: {keys: [{name: k, secret: " + Keys.One + "}]}"), [], time));

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
