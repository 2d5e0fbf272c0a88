using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Tests.Engine;

public sealed class UnreachableEngineTests
{
    [Theory]
    [InlineData("unix:///nonexistent/docker.sock")]
    [InlineData("tcp://127.0.0.1:1")]
    public async Task An_unreachable_engine_is_one_clear_sentence(string endpoint)
    {
        await using var node = new OtherNode(endpoint);

        var error = await Assert.ThrowsAsync<RuntimeException>(() => node.Runtime.GetInfoAsync(CancellationToken.None));

        Assert.Equal(RuntimeError.Unavailable, error.Error);
        Assert.StartsWith($"Cannot reach the container engine at {endpoint}: ", error.Message);
        Assert.EndsWith(".", error.Message);
    }

    [Fact]
    public async Task The_engine_tells_its_name_and_version()
    {
        await using var node = new OtherNode();

        var info = await node.Runtime.GetInfoAsync(CancellationToken.None);

        Assert.Equal("docker", info.Name);
        Assert.All([info.Version, info.KernelVersion, info.OperatingSystem, info.Architecture], text => Assert.NotEqual("", text));
    }
}
