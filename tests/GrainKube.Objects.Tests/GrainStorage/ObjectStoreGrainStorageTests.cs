using GrainKube.Objects.Embedded;
using GrainKube.Objects.Store;
using GrainKube.Testing.Stores;

namespace GrainKube.Objects.Tests.GrainStorage;

public sealed class ObjectStoreGrainStorageTests : GrainStorageConformance
{
    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new EmbeddedObjectStore(new() { Ephemeral = true }));
}
