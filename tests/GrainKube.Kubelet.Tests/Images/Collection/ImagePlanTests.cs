using CsCheck;
using GrainKube.Kubelet.Images.Collection;
using GrainKube.Kubelet.Pressure;

namespace GrainKube.Kubelet.Tests.Images.Collection;

public sealed class ImagePlanTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly Gen<ImageUse[]> Images = Gen.Select(Gen.Int[0, 10], Gen.Int[0, 10], Gen.Bool, Gen.Bool).Array[0, 12].Select(made => made.Select((m, i) =>
        new ImageUse($"sha256:{i}", 1, Now.AddMinutes(-m.Item1), Now.AddMinutes(-m.Item2), InUse: m.Item3, Removable: m.Item4)).ToArray());

    [Fact]
    public void What_is_used_foreign_or_new_stays_and_all_else_goes_longest_unused_first() => Images.Sample(images =>
    {
        var candidates = ImagePlan.Candidates(images, Now, TimeSpan.FromMinutes(2));

        Assert.All(candidates, image => Assert.True(image is { InUse: false, Removable: true } && Now - image.FirstSeen >= TimeSpan.FromMinutes(2)));
        Assert.All(images.Except(candidates), image => Assert.True(image.InUse || !image.Removable || Now - image.FirstSeen < TimeSpan.FromMinutes(2)));
        Assert.All(candidates.Zip(candidates.Skip(1)), pair => Assert.True(pair.First.LastUsed <= pair.Second.LastUsed));
        Assert.Equal(candidates, ImagePlan.Candidates(images.Reverse(), Now, TimeSpan.FromMinutes(2)));
    });

    [Fact]
    public void A_disk_over_the_high_threshold_is_freed_to_the_low_one() =>
        Gen.Select(Gen.Long[1, 1L << 50], Gen.Double[0, 1], Gen.Int[0, 100], Gen.Int[0, 100]).Sample((capacity, share, one, other) =>
        {
            var (low, high) = (Math.Min(one, other), Math.Max(one, other));
            var available = (long)(capacity * share);
            var excess = ImagePlan.Excess(new Stock(available, capacity), high, low);
            var used = 100 - (int)((Int128)available * 100 / capacity);

            Assert.Equal(used < high, excess == 0 && used < high);
            Assert.True(used < high || available + excess >= (long)((Int128)capacity * (100 - low) / 100));
            Assert.InRange(available + excess, 0, capacity);
        });

    [Theory]
    [InlineData(16, 0)]
    [InlineData(15, 5)]
    [InlineData(3, 17)]
    public void Upstreams_thresholds(long available, long excess) => Assert.Equal(excess, ImagePlan.Excess(new Stock(available, 100), 85, 80));
}
