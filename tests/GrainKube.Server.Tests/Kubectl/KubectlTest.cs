using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

/// <summary>Base of the tests that run with each kubectl against the shared cluster.</summary>
public abstract class KubectlTest(SharedCluster shared) : IClassFixture<SharedCluster>
{
    public static TheoryData<string> Versions => KubectlBinaries.Versions;

    private protected ServerCluster Cluster => shared.Cluster;

    /// <summary>kubectl of this version in a new namespace.</summary>
    private protected async Task<KubectlClient> NewAsync(string version) => Cluster.Kubectl(version, await Cluster.NewNamespaceAsync());
}
