using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Tests.Proxy.Services;

public sealed class AddressRangesTests
{
    [Theory]
    [InlineData("10.244.0.0/24 10.244.0.0/16", "10.244.0.0/16")]
    [InlineData("10.200.3.0/24 10.244.0.0/16", "10.200.3.0/24 10.244.0.0/16")]
    [InlineData("10.244.0.0/16 10.244.0.0/16", "10.244.0.0/16")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("0.0.0.0/0 192.0.2.1/32", "0.0.0.0/0")]
    [InlineData("fd00::/8 nonsense 10.0.0.0/33 10.0.0.1/32", "10.0.0.1/32")]
    public void Ranges_are_kept_in_order_without_those_inside_others(string ranges, string expected) =>
        Assert.Equal(expected, string.Join(' ', AddressRanges.Merge(ranges.Split(' '))));
}
