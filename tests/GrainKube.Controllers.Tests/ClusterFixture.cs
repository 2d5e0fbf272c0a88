using GrainKube.ApiServer.Pipeline;
using GrainKube.Controllers.PodGarbageCollection;
using GrainKube.Controllers.Tests.AdmissionPolicies;
using GrainKube.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace GrainKube.Controllers.Tests;

/// <summary>One cluster for all tests of controllers, with two nodes; pods of lost nodes are removed after a moment.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public GrainKubeCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await GrainKubeCluster.StartAsync(
        options => options with { SimulatedNodes = 2 },
        services => services.Configure<PodGarbageCollectionOptions>(o => o.Quarantine = TimeSpan.FromMilliseconds(300)).AddSingleton<IAuthorizer>(Questions));

    /// <summary>Asked after the cluster's own authorizers.</summary>
    internal OutsideAuthorizer Questions { get; } = new();

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class ClusterTests : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}
