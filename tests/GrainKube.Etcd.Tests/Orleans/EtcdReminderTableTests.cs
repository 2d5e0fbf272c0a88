using GrainKube.Objects.Store;
using GrainKube.Testing.Stores;
using Xunit;

namespace GrainKube.Etcd.Tests.Orleans;

public sealed class EtcdReminderTableTests(EtcdFixture etcd) : ReminderTableConformance, IClassFixture<EtcdFixture>
{
    protected override Task<IObjectStore> OpenAsync() => Task.FromResult(etcd.NewStore());
}
