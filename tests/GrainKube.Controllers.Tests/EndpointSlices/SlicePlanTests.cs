using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using GrainKube.Controllers.EndpointSlices;
using GrainKube.Testing.Clusters;
using Xunit;

namespace GrainKube.Controllers.Tests.EndpointSlices;

public sealed class SlicePlanTests
{
    private static readonly SlicePort[] Http = [new("http", "TCP", 80, null)];

    private static readonly Gen<List<SliceEndpoint>> Endpoints =
        from names in Gen.Int[0, 60].HashSet[0, 40]
        from ready in Gen.Bool.Array[61]
        select names.Select(n => Endpoint(n, ready[n])).ToList();

    [Fact]
    public void Whatever_was_there_the_slices_hold_exactly_the_endpoints_none_twice_none_too_full() => Gen.Select(Endpoints.Array[1, 6], Gen.Int[1, 12]).Sample(
        (rounds, capacity) =>
        {
            var world = new List<SliceContent>();
            foreach (var wanted in rounds)
            {
                var plan = SlicePlan.For([new SliceGroup("IPv4", Http, wanted)], world, ["IPv4"], _ => false, capacity);
                world = Apply(world, plan);
                var all = world.SelectMany(s => s.Endpoints).ToList();
                if (all.Count != wanted.Count || !all.ToHashSet().SetEquals(wanted) || world.Any(s => s.Endpoints.Count > capacity) || world.Count == 0
                    || SlicePlan.For([new SliceGroup("IPv4", Http, wanted)], world, ["IPv4"], _ => false, capacity) is not { Changes.Count: 0, Delete.Count: 0 })
                {
                    return false;
                }
            }

            return true;
        },
        iter: 500);

    [Fact]
    public void One_endpoint_that_turns_rewrites_one_slice() =>
        (from count in Gen.Int[1, 500] from turned in Gen.Int[0, count - 1] select (count, turned)).Sample(
            c =>
            {
                var endpoints = Enumerable.Range(0, c.count).Select(n => Endpoint(n, ready: true)).ToList();
                var world = Apply([], Plan(endpoints, []));
                endpoints[c.turned] = endpoints[c.turned] with { Ready = false };
                var plan = Plan(endpoints, world);
                return plan is { Changes: [{ Existing: not null }], Delete.Count: 0 };
            },
            iter: 50);

    [Fact]
    public void A_new_endpoint_goes_into_the_fullest_slice_that_has_room()
    {
        var world = new List<SliceContent> { Slice("a", Range(0, 50)), Slice("b", Range(100, 199)), Slice("c", Range(200, 299 + 1)) };

        var plan = Plan([.. world.SelectMany(s => s.Endpoints), Endpoint(999, ready: true)], world);

        Assert.Equal("b", Assert.Single(plan.Changes).Existing?.Item.Header.Name);
    }

    [Fact]
    public void A_slice_that_is_rewritten_anyway_is_filled_first()
    {
        var world = new List<SliceContent> { Slice("a", Range(0, 50)), Slice("b", Range(100, 199)) };

        var plan = Plan([.. Range(1, 50), .. Range(100, 199), .. Range(300, 310)], world);

        var change = Assert.Single(plan.Changes);
        Assert.Equal(("a", 59), (change.Existing?.Item.Header.Name, change.Endpoints.Count));
    }

    [Fact]
    public void Other_ports_reuse_the_slices_that_are_no_longer_needed()
    {
        var world = new List<SliceContent> { Slice("a", Range(0, 10)) };

        var plan = SlicePlan.For([new SliceGroup("IPv4", [new("http", "TCP", 81, null)], Range(0, 10))], world, ["IPv4"], _ => false, 100);

        Assert.Empty(plan.Delete);
        Assert.Equal("a", Assert.Single(plan.Changes).Existing?.Item.Header.Name);
    }

    [Fact]
    public void A_service_without_endpoints_keeps_an_empty_slice_and_no_more()
    {
        var first = Assert.Single(Plan([], []).Changes);
        Assert.Empty(first.Endpoints);
        Assert.Empty(first.Ports);

        var plan = Plan([], [Slice("a", Range(0, 10)), Slice("b", Range(20, 30))]);
        Assert.Equal("a", Assert.Single(plan.Changes).Existing?.Item.Header.Name);
        Assert.Equal("b", Assert.Single(plan.Delete).Header.Name);
    }

    [Fact]
    public void Slices_of_an_address_type_that_the_service_left_are_deleted()
    {
        var plan = SlicePlan.For([new SliceGroup("IPv6", Http, Range(0, 2))], [Slice("a", Range(0, 2))], ["IPv6"], _ => false, 100);

        Assert.Single(plan.Delete);
        Assert.Null(Assert.Single(plan.Changes).Existing);
    }

    [Fact]
    public void A_slice_with_the_wrong_labels_is_rewritten_as_it_is()
    {
        var world = new List<SliceContent> { Slice("a", Range(0, 10)) };

        var plan = SlicePlan.For([new SliceGroup("IPv4", Http, Range(0, 10))], world, ["IPv4"], _ => true, 100);

        Assert.Equal(world[0].Endpoints, Assert.Single(plan.Changes).Endpoints);
    }

    [Fact]
    public void An_endpoint_reads_back_as_it_was_written()
    {
        var all = new SliceEndpoint
        {
            Address = "10.0.0.1", Ready = true, Serving = true, Terminating = false, Hostname = "h", NodeName = "n", Zone = "z",
            Target = new SliceTarget("Pod", "ns", "p", "u"), ForZone = "z", ForNode = "n",
        };

        Assert.Equal([all], Slice("a", [all]).Endpoints);
    }

    private static SlicePlan Plan(IReadOnlyList<SliceEndpoint> endpoints, IReadOnlyList<SliceContent> existing) =>
        SlicePlan.For([new SliceGroup("IPv4", Http, endpoints)], existing, ["IPv4"], _ => false, 100);

    private static List<SliceEndpoint> Range(int from, int to) => [.. Enumerable.Range(from, to - from).Select(n => Endpoint(n, ready: true))];

    private static List<SliceContent> Apply(List<SliceContent> world, SlicePlan plan)
    {
        var gone = plan.Delete.Select(d => d.Key).Concat(plan.Changes.Where(c => c.Existing is not null).Select(c => c.Existing!.Item.Key)).ToHashSet();
        return [.. world.Where(s => !gone.Contains(s.Item.Key)), .. plan.Changes.Select(c => Slice(c.Existing?.Item.Header.Name ?? Guid.NewGuid().ToString(), c.Endpoints, c.Ports))];
    }

    private static SliceContent Slice(string name, IReadOnlyList<SliceEndpoint> endpoints, IReadOnlyList<SlicePort>? ports = null) => SliceContent.Of(Sample.Object(
        "discovery.k8s.io",
        "endpointslices",
        new JsonObject
        {
            ["apiVersion"] = "discovery.k8s.io/v1",
            ["kind"] = "EndpointSlice",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "n" },
            ["addressType"] = "IPv4",
            ["ports"] = new JsonArray([.. (ports ?? Http).Select(p => p.ToJson())]),
            ["endpoints"] = new JsonArray([.. endpoints.Select(e => e.ToJson())]),
        }));

    private static SliceEndpoint Endpoint(int n, bool ready) => new()
    {
        Address = string.Create(CultureInfo.InvariantCulture, $"10.0.{n / 250}.{n % 250}"),
        Ready = ready,
        Serving = ready,
        Terminating = false,
        Target = new SliceTarget("Pod", "n", string.Create(CultureInfo.InvariantCulture, $"p{n}"), ""),
    };
}
