using Xunit;

namespace GrainKube.Resources.Tests.Networking.IPAddresses;

public sealed class IPAddressValidatorTests
{
    private const string Parent = """{"parentRef":{"group":"","resource":"services","namespace":"default","name":"web"}}""";

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("fd00::1")]
    public void An_address_is_named_as_it_is_written(string name) => Assert.Empty(Errors(name, Parent));

    [Theory]
    [InlineData("web", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("10.0.0.01", "must not have leading 0s")]
    [InlineData("FD00::1", "must be in canonical form (\"fd00::1\")")]
    public void Other_names_are_refused(string name, string problem) => Assert.Equal([$"metadata.name: Invalid value: \"{name}\": {problem}"], Errors(name, Parent));

    [Fact]
    public void The_parent_is_named_and_stays()
    {
        Assert.Equal(["spec.parentRef: Required value"], Errors("10.0.0.1", "{}"));
        Assert.Equal(["spec.parentRef.name: Required value", "spec.parentRef.resource: Required value"], Errors("10.0.0.1", """{"parentRef":{}}""").Order());
        var (current, _) = Written.Create("ipaddresses.networking.k8s.io", $$"""{"metadata":{"name":"10.0.0.1"},"spec":{{Parent}} }""");
        Assert.Contains("field is immutable", Assert.Single(Written.Update("ipaddresses.networking.k8s.io", current, a => a["spec"]!["parentRef"]!["name"] = "other").Errors), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Errors(string name, string spec) => Written.Create("ipaddresses.networking.k8s.io", $$"""{"metadata":{"name":"{{name}}"},"spec":{{spec}} }""").Errors;
}
