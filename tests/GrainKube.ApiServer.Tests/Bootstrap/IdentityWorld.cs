using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Admission;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Bootstrap;
using GrainKube.Objects;
using GrainKube.Objects.Client;
using GrainKube.Objects.Embedded;
using GrainKube.Objects.Store;
using GrainKube.Resources;
using GrainKube.Security.Pki;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;
using Xunit;

namespace GrainKube.ApiServer.Tests.Bootstrap;

/// <summary>One silo with all built-in kinds, admission, RBAC and identity, on an ephemeral store, bootstrapped.</summary>
public sealed class IdentityWorld : IAsyncLifetime
{
    private readonly EmbeddedObjectStore store = new(new EmbeddedStoreOptions { Ephemeral = true });
    private InProcessTestCluster cluster = null!;

    internal IObjectStore Store => store;

    internal ClusterSecrets Secrets { get; private set; } = null!;

    internal ObjectClient As(UserInfo user) => Service<ObjectClientFactory>().For(user);

    internal T Service<T>() where T : notnull => cluster.Silos[0].ServiceProvider.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        Secrets = await ClusterSecrets.LoadAsync(new StoreVault(store), TimeProvider.System, CancellationToken.None);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IObjectStore>(store);
            silo.Services.AddSingleton(new ResourceRegistry(BuiltInResources.All));
            silo.AddObjects();
            silo.Services.AddAdmission().AddAuthorizers().AddIdentity(Secrets).AddBootstrap();
        });
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.Warning));
        cluster = builder.Build();
        await cluster.DeployAsync();
        Service<RbacFeed>().Start();
        await Service<Bootstrapper>().RunAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await cluster.StopAllSilosAsync();
        await cluster.DisposeAsync();
        Secrets.Dispose();
    }
}
