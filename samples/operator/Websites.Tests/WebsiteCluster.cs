using GrainKube.Reconciliation;
using GrainKube.Testing.Clusters;
using Xunit;

namespace Websites.Tests;

/// <summary>One cluster for all tests; each takes a namespace of its own.</summary>
public sealed class WebsiteCluster : IAsyncLifetime
{
    public GrainKubeCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await GrainKubeCluster.StartAsync(configure: services => services.AddReconciler<WebsiteReconciler>());

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}
