using GrainKube.Objects.Store;
using GrainKube.Testing.Stores;
using Xunit;

namespace GrainKube.Etcd.Tests.Orleans;

public sealed class EtcdMembershipTableTests(EtcdFixture etcd) : MembershipTableConformance, IClassFixture<EtcdFixture>
{
    protected override Task<IObjectStore> OpenAsync() => Task.FromResult(etcd.NewStore());
}
