using Xunit;

namespace GrainKube.Hosting.Tests;

public sealed class LoopbackPortsTests
{
    [Fact]
    public void PortsOfSilosAndPortsOfOthersNeverMeet()
    {
        var silos = Enumerable.Range(0, 200).Select(_ => LoopbackPorts.NextForSilo()).ToHashSet();
        var others = Enumerable.Range(0, 200).Select(_ => LoopbackPorts.Next()).ToHashSet();

        Assert.Equal(200, silos.Count);
        Assert.Equal(200, others.Count);
        Assert.All(silos, port => Assert.InRange(port, 20_000, 24_999));
        Assert.All(others, port => Assert.InRange(port, 25_000, 29_999));
    }

    [Fact]
    public void ASiloTakesNoPortThatItsProcessNamed()
    {
        var port = LoopbackPorts.NextForSilo();
        int[] named = [.. Enumerable.Range(1, 50).Select(step => 20_000 + ((port - 20_000 + step) % 5_000))];

        Assert.DoesNotContain(LoopbackPorts.NextForSilo(named), named);
    }
}
