using GrainKube.Kubelet.Hosting;

namespace GrainKube.Kubelet.Tests.Hosting;

public sealed class NodeNamesTests
{
    [Fact]
    public void Simulated_nodes_are_numbered_after_their_silo()
    {
        var name = NodeNames.Simulated("box-1", 7);
        Assert.Equal("box-1-sim-0007", name);
        Assert.Equal(7, NodeNames.IndexOf("box-1", name));
        Assert.Null(NodeNames.IndexOf("box-1", "box-1"));
        Assert.Null(NodeNames.IndexOf("box-2", name));
    }

    [Theory]
    [InlineData(0, "10.64.0.0/24")]
    [InlineData(300, "10.65.44.0/24")]
    public void Each_has_a_range_of_its_own(int index, string cidr) => Assert.Equal(cidr, NodeNames.CidrOf("10.64.0.0/10", index));

    [Fact]
    public void Bad_options_are_named()
    {
        var result = new KubeletOptionsValidator().Validate(null, new KubeletOptions { PodCidr = "x", RootDirectory = "relative", MaxPods = 0, NodeIp = "here" });
        Assert.Equal(4, result.Failures!.Count());
        Assert.True(new KubeletOptionsValidator().Validate(null, new KubeletOptions()).Succeeded);
    }
}
