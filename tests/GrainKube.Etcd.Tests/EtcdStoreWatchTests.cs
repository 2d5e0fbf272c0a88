using GrainKube.Objects.Store;
using GrainKube.Testing.Stores;
using Xunit;

namespace GrainKube.Etcd.Tests;

public sealed class EtcdStoreWatchTests(EtcdFixture etcd) : StoreWatchConformance, IClassFixture<EtcdFixture>
{
    protected override Task<IObjectStore> OpenAsync() => Task.FromResult(etcd.NewStore());

    protected override Task RestartServerAsync() => etcd.RestartAsync();
}
