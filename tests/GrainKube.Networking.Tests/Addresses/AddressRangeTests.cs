using System.Net;
using CsCheck;
using GrainKube.Networking.Addresses;

namespace GrainKube.Networking.Tests.Addresses;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("10.96.0.0/12", 1_048_574, 256, "10.96.0.1", "10.111.255.254")]
    [InlineData("10.96.0.0/24", 254, 16, "10.96.0.1", "10.96.0.254")]
    [InlineData("10.96.0.0/28", 14, 0, "10.96.0.1", "10.96.0.14")]
    [InlineData("192.168.7.8/30", 2, 0, "192.168.7.9", "192.168.7.10")]
    [InlineData("10.0.0.1/32", 0, 0, null, null)]
    [InlineData("fd00::/112", 65_535, 256, "fd00::1", "fd00::ffff")]
    public void A_range_gives_out_all_but_its_ends(string cidr, long count, long below, string? first, string? last)
    {
        var range = AddressRange.Parse(cidr)!.Value;
        Assert.Equal((count, below), (range.Count, range.StaticCount));
        if (first is not null)
        {
            Assert.Equal((first, last), (range.At(0).ToString(), range.At(count - 1).ToString()));
        }
    }

    [Fact]
    public void A_range_contains_exactly_what_it_gives_out() => Gen.Select(Gen.UInt, Gen.Int[8, 32], Gen.UInt).Sample((from, prefix, other) =>
    {
        var range = AddressRange.Parse($"{new IPAddress((from & (prefix == 0 ? 0 : uint.MaxValue << (32 - prefix))) is var b ? Bytes(b) : [])}/{prefix}")!.Value;
        var address = new IPAddress(Bytes(other));
        var inside = range.Network.Contains(address) && other != 0 && !address.Equals(range.Network.BaseAddress) && Bytes(other | (prefix == 32 ? 0 : uint.MaxValue >> prefix)) is var end && !new IPAddress(end).Equals(address);
        Assert.Equal(prefix < 31 && inside, range.Contains(address));
        if (range.Count > 0)
        {
            var index = other % range.Count;
            Assert.True(range.Contains(range.At(index)));
        }
    });

    [Fact]
    public void The_lower_part_is_given_out_last() => Gen.Select(Gen.Int[1, 300], Gen.Int[0, 40], Gen.Int[0, 300].HashSet[0, 300]).Sample((count, below, taken) =>
    {
        below = Math.Min(below, count);
        var choice = Choice.Of(count, below, index => taken.Contains((int)index));
        var free = Enumerable.Range(0, count).Where(i => !taken.Contains(i)).ToList();
        Assert.Equal(free.Count == 0, choice is null);
        Assert.True(choice is null || (free.Contains((int)choice) && (choice >= below || free.All(f => f < below))));
    });

    private static byte[] Bytes(uint number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
}
