using GrainKube.ApiMachinery.Objects;
using GrainKube.Reconciliation.Slices;
using Xunit;

namespace GrainKube.Reconciliation.Tests.Slices;

public sealed class SliceNameTests
{
    [Fact]
    public void Names_survive_the_way_through_a_grain_key() => Assert.Equal(new SliceName("my/controller", 7), SliceName.Parse(new SliceName("my/controller", 7).ToString()));

    // Written down: another result would give keys to two slices while silos of two versions run side by side.
    [Theory]
    [InlineData("default", "web", 3)]
    [InlineData("kube-system", "coredns", 7)]
    [InlineData("", "node-1", 4)]
    public void A_key_stays_in_its_slice(string ns, string name, int slice) => Assert.Equal(slice, SliceName.IndexOf(new ObjectKey("apps", "deployments", ns, name), 8));

    [Fact]
    public void Keys_spread_evenly()
    {
        var counts = Enumerable.Range(0, 8000).GroupBy(i => SliceName.IndexOf(new ObjectKey("", "pods", $"ns-{i % 7}", $"web-{i}"), 8)).Select(g => g.Count()).ToList();

        Assert.Equal(8, counts.Count);
        Assert.All(counts, c => Assert.InRange(c, 800, 1200));
    }

    [Fact]
    public void The_kind_does_not_matter_so_that_an_owner_and_its_namesake_share_a_slice() =>
        Assert.Equal(SliceName.IndexOf(new ObjectKey("", "pods", "n", "a"), 8), SliceName.IndexOf(new ObjectKey("apps", "deployments", "n", "a"), 8));
}
