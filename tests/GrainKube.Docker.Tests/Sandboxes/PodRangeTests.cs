using CsCheck;
using GrainKube.Docker.Sandboxes;

namespace GrainKube.Docker.Tests.Sandboxes;

public sealed class PodRangeTests
{
    private static readonly HashSet<string> None = [];

    [Fact]
    public void The_first_address_is_the_bridges_and_the_next_the_first_pods()
    {
        var range = PodRange.Parse("10.244.3.0/24");

        Assert.Equal("10.244.3.1", range.Gateway);
        Assert.Equal("10.244.3.2", range.Next(null, None));
    }

    [Theory]
    [InlineData("10.244.3.2", "10.244.3.3")]
    [InlineData("10.244.3.254", "10.244.3.2")]
    [InlineData("10.9.9.9", "10.244.3.2")]
    public void Addresses_are_given_out_in_turn(string last, string next) => Assert.Equal(next, PodRange.Parse("10.244.3.0/24").Next(last, None));

    [Fact]
    public void Taken_addresses_are_passed_over() =>
        Assert.Equal("10.244.3.5", PodRange.Parse("10.244.3.0/24").Next("10.244.3.2", new HashSet<string> { "10.244.3.3", "10.244.3.4" }));

    [Fact]
    public void Every_address_is_given_once_and_then_none_is_left() =>
        Gen.Int[20, 29].Sample(prefix =>
        {
            var range = PodRange.Parse($"10.1.0.0/{prefix}");
            var taken = new HashSet<string>();
            string? last = null;
            while (range.Next(last, taken) is { } next)
            {
                Assert.True(taken.Add(next));
                last = next;
            }

            Assert.Equal((1 << (32 - prefix)) - 3, taken.Count);
        });

    [Theory]
    [InlineData("10.244.3.0")]
    [InlineData("fd00::/64")]
    [InlineData("10.244.3.0/31")]
    [InlineData("nonsense")]
    public void A_range_that_cannot_hold_pods_is_refused(string cidr) => Assert.Throws<ArgumentException>(() => PodRange.Parse(cidr));
}
