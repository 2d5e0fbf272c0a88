using GrainKube.Objects.Store;
using GrainKube.Testing.Stores;
using Xunit;

namespace GrainKube.Etcd.Tests;

/// <summary>One etcd for the tests of a class, which run one after another.</summary>
public sealed class EtcdFixture : IAsyncLifetime
{
    public EtcdServer Server { get; private set; } = null!;

    public IObjectStore NewStore() => new EtcdObjectStore(new() { Endpoints = Server.Endpoint, ExpiryUnit = TimeSpan.FromSeconds(1) });

    public async Task RestartAsync()
    {
        await Server.KillAsync();
        await Server.StartProcessAsync();
    }

    public async Task InitializeAsync() => Server = await EtcdServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
