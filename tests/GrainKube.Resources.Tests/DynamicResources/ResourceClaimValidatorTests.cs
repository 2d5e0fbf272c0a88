using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.DynamicResources;

public sealed class ResourceClaimValidatorTests
{
    private const string Claims = "resourceclaims.resource.k8s.io";
    private const string Templates = "resourceclaimtemplates.resource.k8s.io";
    private const string Sound = """{"metadata":{"name":"one"},"spec":{"devices":{"requests":[{"name":"gpu","exactly":{"deviceClassName":"gpu.example.com"}}]}}}""";

    [Fact]
    public void A_request_is_for_exactly_one_device_unless_it_says_otherwise()
    {
        var (item, errors) = Written.Create(Claims, Sound);

        Assert.Empty(errors);
        Assert.Equal("""{"deviceClassName":"gpu.example.com","allocationMode":"ExactCount","count":1}""", item["spec"]!["devices"]!["requests"]![0]!["exactly"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"requests":[{"name":"A","exactly":{"deviceClassName":""}}]}""", "spec.devices.requests[0].exactly.deviceClassName: Required value", "spec.devices.requests[0].name: Invalid value: \"A\": a lowercase RFC 1123 label")]
    [InlineData("""{"requests":[{"name":"a"},{"name":"a","exactly":{"deviceClassName":"c"},"firstAvailable":[{"name":"x","deviceClassName":"c"}]}]}""", "spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required", "spec.devices.requests[1]: Duplicate value: \"a\"", "spec.devices.requests[1]: Invalid value: null: exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set")]
    [InlineData("""{"requests":[{"name":"a","exactly":{"deviceClassName":"c","allocationMode":"All","count":2}}]}""", "spec.devices.requests[0].exactly.count: Invalid value: 2: must not be specified when allocationMode is 'All'")]
    [InlineData("""{"requests":[{"name":"a","exactly":{"deviceClassName":"c","allocationMode":"Some"}}]}""", "spec.devices.requests[0].exactly.allocationMode: Unsupported value: \"Some\": supported values: \"All\", \"ExactCount\"")]
    [InlineData("""{"requests":[{"name":"a","exactly":{"deviceClassName":"c","selectors":[{},{"cel":{"expression":"1"}},{"cel":{"expression":"device.driver == 'a' && device.attributes['a'].b && device.capacity['a'].c.isGreaterThan(quantity('1Gi'))"}}]}}]}""", "spec.devices.requests[0].exactly.selectors[0].cel: Required value", "spec.devices.requests[0].exactly.selectors[1].cel.expression: Invalid value: \"1\": must evaluate to bool or the unknown type, not int")]
    [InlineData("""{"requests":[{"name":"a","exactly":{"deviceClassName":"c","selectors":[{"cel":{"expression":"device.nothing"}}]}}]}""", "spec.devices.requests[0].exactly.selectors[0].cel.expression: Invalid value: \"device.nothing\": compilation failed: ERROR: <input>:1:7: undefined field 'nothing'")]
    [InlineData("""{"requests":[{"name":"a","exactly":{"deviceClassName":"c","tolerations":[{"key":"k","operator":"Exists","value":"v"},{"operator":"Like","effect":"Never"}]}}]}""", "spec.devices.requests[0].exactly.tolerations[0].value: Invalid value: \"v\": must be empty for operator `Exists`", "spec.devices.requests[0].exactly.tolerations[1].effect: Unsupported value: \"Never\": supported values: \"NoExecute\", \"NoSchedule\", \"None\"", "spec.devices.requests[0].exactly.tolerations[1].operator: Unsupported value: \"Like\": supported values: \"Equal\", \"Exists\"")]
    [InlineData("""{"requests":[{"name":"a","firstAvailable":[{"name":"x","deviceClassName":"c"}]}],"constraints":[{"requests":["a","a/x","b"],"matchAttribute":"plain"},{}]}""", "spec.devices.constraints[0].matchAttribute: Invalid value: \"plain\": a fully qualified name", "spec.devices.constraints[0].requests[2]: Invalid value: \"b\": must be the name of a request in the claim", "spec.devices.constraints[1]: Required value: exactly one of \"matchAttribute\" or \"distinctAttribute\" is required")]
    [InlineData("""{"config":[{},{"opaque":{"driver":"a.io","parameters":null}},{"opaque":{"driver":"a.io","parameters":{}}}]}""", "spec.devices.config[0].opaque: Required value", "spec.devices.config[1].opaque.parameters: Required value")]
    public void What_is_wrong_is_told(string devices, params string[] errors)
    {
        Starts(errors, Written.Create(Claims, $$"""{"metadata":{"name":"one"},"spec":{"devices":{{devices}} } }""").Errors);
        Starts(
            errors.Select(e => e.Replace("spec.devices", "spec.spec.devices", StringComparison.Ordinal)).ToArray(),
            Written.Create(Templates, $$"""{"metadata":{"name":"one"},"spec":{"spec":{"devices":{{devices}} } } }""").Errors);
    }

    [Fact]
    public void Too_many_requests_are_not_looked_into()
    {
        var requests = string.Join(',', Enumerable.Repeat("""{"name":"A"}""", 33));

        Assert.Equal(["spec.devices.requests: Too many: 33: must have at most 32 items"], Written.Create(Claims, $$"""{"metadata":{"name":"one"},"spec":{"devices":{"requests":[{{requests}}]} } }""").Errors);
    }

    [Fact]
    public void The_spec_stays_as_it_is()
    {
        var item = Written.Create(Claims, Sound).Item;

        var errors = Written.Update(Claims, item, i => i["spec"]!["devices"]!["requests"]![0]!["name"] = "other").Errors;

        Assert.EndsWith(": field is immutable", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"reservedFor":[{"resource":"pods","name":"p","uid":"1"}]}""", "status.reservedFor: Forbidden: may not be specified when `allocated` is not set")]
    [InlineData("""{"allocation":{"devices":{"results":[{"request":"gpu","driver":"a.io","pool":"p","device":"d"}]}},"reservedFor":[{"resource":"pods","name":"p","uid":"1"},{"name":"p","uid":"1"}]}""", "status.reservedFor[1].resource: Required value", "status.reservedFor[1]: Duplicate value: \"1\"")]
    [InlineData("""{"allocation":{"devices":{"results":[{"request":"cpu","driver":"a.io","pool":"","device":"d","shareID":"x"}],"config":[{"source":"Elsewhere","opaque":{"driver":"a.io","parameters":{}}}]}}}""", "status.allocation.devices.config[0].source: Unsupported value: \"Elsewhere\": supported values: \"FromClaim\", \"FromClass\"", "status.allocation.devices.results[0].pool: Required value", "status.allocation.devices.results[0].request: Invalid value: \"cpu\": must be the name of a request", "status.allocation.devices.results[0].shareID: Invalid value: \"x\": error validating uid: invalid UUID length: 1")]
    [InlineData("""{"devices":[{"driver":"a.io","pool":"p","device":"d","conditions":[{"type":"Ready","status":"Maybe","reason":"","message":"","lastTransitionTime":"2024-01-01T00:00:00Z"}]}]}""", "status.devices[0].conditions[0].reason: Required value: must be set", "status.devices[0].conditions[0].status: Unsupported value: \"Maybe\": supported values: \"False\", \"True\", \"Unknown\"", "status.devices[0]: Invalid value: \"a.io/p/d\": must be an allocated device in the claim")]
    public void The_status_is_looked_at(string status, params string[] errors) => Starts(errors, Written.Update(Claims, Written.Create(Claims, Sound).Item, i => i["status"] = JsonNode.Parse(status), "status").Errors);

    internal static void Starts(string[] expected, string[] found)
    {
        Assert.True(expected.Length == found.Length, string.Join("\n", found));
        Assert.All(expected.Zip(found), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }
}
