using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

public sealed class ApplyTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    public static TheoryData<string> Versions => KubectlBinaries.Versions;

    [Theory, MemberData(nameof(Versions))]
    public async Task Apply_creates_changes_and_takes_fields_away(string version)
    {
        var kubectl = shared.Cluster.Kubectl(version, await shared.Cluster.NewNamespaceAsync());
        const string First = """
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: settings, labels: { tier: web } }
            data: { colour: red, size: large }
            """;

        Assert.Equal("configmap/settings created\n", await kubectl.ApplyAsync(First));
        Assert.Equal("configmap/settings unchanged\n", await kubectl.ApplyAsync(First));
        Assert.Equal("configmap/settings configured\n", await kubectl.ApplyAsync(First.Replace(", size: large", "", StringComparison.Ordinal).Replace("red", "blue", StringComparison.Ordinal)));
        Assert.Equal("""{"colour":"blue"}""", await kubectl.GetAsync("configmap/settings", "{.data}"));
    }
}
