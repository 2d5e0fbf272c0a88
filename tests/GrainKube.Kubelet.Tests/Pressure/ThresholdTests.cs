using GrainKube.Kubelet.Hosting;
using GrainKube.Kubelet.Pressure;

namespace GrainKube.Kubelet.Tests.Pressure;

public sealed class ThresholdTests
{
    [Fact]
    public void Upstreams_defaults_are_read()
    {
        var thresholds = Thresholds.Parse("memory.available<100Mi,nodefs.available<10%,nodefs.inodesFree<5%,imagefs.available<15%");

        Assert.Equal(
            [Signal.MemoryAvailable, Signal.NodeFsAvailable, Signal.NodeFsInodesFree, Signal.ImageFsAvailable], thresholds.Select(t => t.Signal));
        Assert.Equal([100L << 20, 100, 50, 150], thresholds.Select(t => t.Least.Of(1000)));
        Assert.All(thresholds, t => Assert.True(t.IsHard));
    }

    [Fact]
    public void Soft_ones_have_their_grace_and_both_what_to_reclaim()
    {
        var thresholds = Thresholds.Parse("memory.available<100Mi", "memory.available<300Mi", "memory.available=1m30s", "memory.available=50Mi");

        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(90)], thresholds.Select(t => t.Grace));
        Assert.All(thresholds, t => Assert.Equal(50L << 20, t.Reclaim.Of(0)));
    }

    [Fact]
    public void Nought_and_a_hundred_percent_switch_a_threshold_off() => Assert.Empty(Thresholds.Parse("nodefs.available<0%,imagefs.available<100%"));

    [Theory]
    [InlineData("memory.free<1Gi", "unsupported eviction signal memory.free")]
    [InlineData("memory.available", "malformed pair, expect string<string: memory.available")]
    [InlineData("memory.available<-1", "eviction threshold memory.available must be positive: -1")]
    [InlineData("nodefs.available<101%", "eviction percentage threshold nodefs.available must be <= 100%: 101%")]
    public void A_mistake_is_named(string hard, string complaint) => Assert.Equal(complaint, new EvictionOptions { Hard = hard }.Complaint());

    [Fact]
    public void A_soft_threshold_needs_a_grace() => Assert.Equal(
        "grace period must be specified for the soft eviction threshold memory.available", new EvictionOptions { Soft = "memory.available<1Gi" }.Complaint());

    [Fact]
    public void A_nearly_full_disk_of_a_developers_machine_is_no_emergency_by_default()
    {
        var nearlyFull = FakeFigures.Of(FakeFigures.Gigabyte / 2, freeDisk: 4 * FakeFigures.Gigabyte);

        Assert.Null(new EvictionOptions().Complaint());
        Assert.DoesNotContain(new EvictionOptions().Parse(), t => t.IsMet(nearlyFull, withReclaim: true));
        Assert.Contains(new EvictionOptions().Parse(), t => t.IsMet(FakeFigures.Of(FakeFigures.Gigabyte / 2, FakeFigures.Gigabyte / 2), withReclaim: false));
    }
}
