using System.Net;
using CsCheck;
using GrainKube.Networking.NodeRanges;

namespace GrainKube.Networking.Tests.NodeRanges;

public sealed class NodeRangePlanTests
{
    private static readonly IPNetwork Cluster = IPNetwork.Parse("10.244.0.0/20");

    [Fact]
    public void The_first_node_gets_the_first_range() =>
        Assert.Equal([("a", "10.244.0.0/24"), ("b", "10.244.1.0/24")], NodeRangePlan.For(Cluster, [("a", []), ("b", [])]).Given);

    [Fact]
    public void What_touches_a_node_s_range_is_not_given() => Assert.Equal(
        [("c", "10.244.4.0/24")], NodeRangePlan.For(Cluster, [("a", ["10.244.0.128/25"]), ("b", ["10.244.2.0/23", "fd00::/64"]), ("c", []), ("d", ["10.244.1.0/24"])]).Given);

    [Fact]
    public void Who_is_left_without_is_named() =>
        Assert.Equal(["c"], NodeRangePlan.For(IPNetwork.Parse("10.0.0.0/24"), [("b", []), ("c", []), ("far", ["192.168.0.0/24"])]).Left);

    [Fact]
    public void No_address_has_two_nodes() => Gen.Select(Gen.UInt[0, 0x3fff], Gen.Int[18, 30]).Array[0, 12].Select(Gen.Int[0, 20]).Sample((existing, newcomers) =>
    {
        var had = existing.Select((e, i) => ($"old-{i}", (IReadOnlyList<string>)[Range(e.Item1, e.Item2)])).ToList();
        var plan = NodeRangePlan.For(Cluster, had.Concat(Enumerable.Range(0, newcomers).Select(i => ($"new-{i}", (IReadOnlyList<string>)[]))));
        Assert.Equal(newcomers, plan.Given.Count + plan.Left.Count);
        var given = plan.Given.Select(g => IPNetwork.Parse(g.Range)).ToList();
        Assert.Equal(given.Count, given.Distinct().Count());
        Assert.All(given, g => Assert.True(Cluster.Contains(g.BaseAddress)));
        var others = had.Select(h => IPNetwork.Parse(h.Item2[0])).ToList();
        Assert.DoesNotContain(given, g => others.Exists(o => o.Contains(g.BaseAddress) || g.Contains(o.BaseAddress)));
        Assert.True(plan.Left.Count == 0 || given.Count + Enumerable.Range(0, 16).Count(b => others.Exists(o => Touches(o, b))) == 16);
    });

    private static bool Touches(IPNetwork other, int block)
    {
        var range = IPNetwork.Parse($"10.244.{block}.0/24");
        return other.Contains(range.BaseAddress) || range.Contains(other.BaseAddress);
    }

    private static string Range(uint at, int prefix)
    {
        var start = (0x0af40000u + at) & (uint.MaxValue << (32 - prefix));
        return $"{start >> 24}.{(start >> 16) & 255}.{(start >> 8) & 255}.{start & 255}/{prefix}";
    }
}
