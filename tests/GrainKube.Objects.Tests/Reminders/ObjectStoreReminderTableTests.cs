using GrainKube.Objects.Embedded;
using GrainKube.Objects.Store;
using GrainKube.Testing.Stores;

namespace GrainKube.Objects.Tests.Reminders;

public sealed class ObjectStoreReminderTableTests : ReminderTableConformance
{
    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new EmbeddedObjectStore(new() { Ephemeral = true }));
}
