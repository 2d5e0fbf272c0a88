using CsCheck;
using GrainKube.Controllers.Endpoints;
using GrainKube.Controllers.ServiceEndpoints;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.Endpoints;

public sealed class SubsetsTests
{
    [Fact]
    public void Truncation_keeps_exactly_the_limit_and_ready_addresses_first() => Gen.Select(Gen.Int[0, 900], Gen.Int[0, 900], Gen.Int[0, 900], Gen.Int[0, 900]).Sample(
        (one, oneNot, two, twoNot) =>
        {
            var (kept, truncated) = Subsets.Truncate([Subset(80, one, oneNot), Subset(81, two, twoNot)]);
            var total = one + oneNot + two + twoNot;
            var ready = kept.Sum(s => s.Addresses.Count(a => a.Ready));
            return truncated == total > Subsets.Capacity
                && kept.Sum(s => s.Addresses.Count) == Math.Min(total, Subsets.Capacity)
                && ready == Math.Min(one + two, Subsets.Capacity);
        },
        iter: 60);

    [Fact]
    public void A_terminating_pod_and_one_without_a_matching_port_are_left_out()
    {
        var service = new V1Service { Metadata = new() { Name = "web" }, Spec = new() { ClusterIP = "10.0.0.1", Ports = [new() { Port = 80, TargetPort = "http" }] } };
        var pods = new[] { Pod("a", "10.0.0.9", "http"), Pod("b", "10.0.0.10", "http"), Pod("c", "10.0.0.3", "other"), Pod("d", "10.0.0.4", "http", ""","deletionTimestamp":"2026-01-01T00:00:00Z" """) };

        var subset = Assert.Single(Subsets.For(service, pods));

        Assert.Equal(["10.0.0.9", "10.0.0.10"], subset.Addresses.Select(a => a.Ip));
    }

    private static Subset Subset(int port, int ready, int others) => new(
        [new("", "TCP", port, null)],
        [.. Enumerable.Range(0, ready + others).Select(n => new SubsetAddress("10.0.0.1", n < ready, "", Known))]);

    private static readonly PodEndpoint Known = Pod("known", "10.0.0.1", "http");

    private static PodEndpoint Pod(string name, string ip, string port, string metadata = "") => PodEndpoint.Of(Sample.Object("", "pods", Sample.Parse($$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{name}}","namespace":"n"{{metadata}} },"spec":{"containers":[{"name":"m","ports":[{"name":"{{port}}","containerPort":8080}]}]},
         "status":{"phase":"Running","podIP":"{{ip}}","podIPs":[{"ip":"{{ip}}"}],"conditions":[{"type":"Ready","status":"True"}]} }
        """)));
}
