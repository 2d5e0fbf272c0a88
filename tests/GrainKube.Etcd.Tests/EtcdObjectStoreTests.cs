using GrainKube.Objects.Store;
using GrainKube.Testing.Stores;
using Xunit;

namespace GrainKube.Etcd.Tests;

public sealed class EtcdObjectStoreTests(EtcdFixture etcd) : ObjectStoreConformance, IClassFixture<EtcdFixture>
{
    protected override TimeSpan ShortExpiry => TimeSpan.FromSeconds(2); // etcd makes a lease of less one of two.

    protected override Task<IObjectStore> OpenAsync() => Task.FromResult(etcd.NewStore());

    protected override Task RestartServerAsync() => etcd.RestartAsync();

    protected override Task PassTimeAsync(TimeSpan time) => Task.CompletedTask; // etcd's clock is the real one; the test waits for the change.
}
