using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Networking.ServiceCIDRs;

public sealed class ServiceCIDRValidatorTests
{
    [Theory]
    [InlineData("""["10.0.0.0/24"]""", null)]
    [InlineData("""["10.0.0.0/24","fd00::/64"]""", null)]
    [InlineData("[]", "spec.cidrs: Required value: at least one CIDR required")]
    [InlineData("""["10.0.0.0/24","10.0.1.0/24"]""", "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64")]
    [InlineData("""["10.0.0.1/24"]""", "spec.cidrs[0]: Invalid value: \"10.0.0.1/24\": must not have bits set beyond the prefix length")]
    [InlineData("""["here"]""", "spec.cidrs[0]: Invalid value: \"here\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")]
    public void Ranges_are_one_of_each_family(string cidrs, string? problem)
    {
        var errors = Written.Create("servicecidrs.networking.k8s.io", $$"""{"metadata":{"name":"c"},"spec":{"cidrs":{{cidrs}}} }""").Errors;
        Assert.Equal(problem is null ? 0 : 1, errors.Length);
        Assert.Contains(problem ?? "", errors.FirstOrDefault() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Ranges_stay_but_a_second_family_may_come()
    {
        var (current, _) = Written.Create("servicecidrs.networking.k8s.io", """{"metadata":{"name":"c"},"spec":{"cidrs":["10.0.0.0/24"]}}""");
        Assert.Empty(Written.Update("servicecidrs.networking.k8s.io", current, c => c["spec"]!["cidrs"] = new JsonArray("10.0.0.0/24", "fd00::/64")).Errors);
        Assert.Equal(
            ["spec.cidrs: Invalid value: [\"10.0.0.0/25\"]: field is immutable"],
            Written.Update("servicecidrs.networking.k8s.io", current, c => c["spec"]!["cidrs"] = new JsonArray("10.0.0.0/25")).Errors);
    }
}
