using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.DynamicResources;

public sealed class DeviceKindsTests
{
    private const string Slices = "resourceslices.resource.k8s.io";
    private const string Rules = "devicetaintrules.resource.k8s.io";

    [Theory]
    [InlineData("""{"extendedResourceName":"example.com/gpu","selectors":[{"cel":{"expression":"device.driver == 'a'"}}]}""")]
    [InlineData("""{"extendedResourceName":"gpu"}""", "spec.extendedResourceName: Invalid value: \"gpu\": must be a valid extended resource name")]
    [InlineData("""{"selectors":[{}],"config":[{"opaque":{"driver":"","parameters":null}}]}""", "spec.config[0].opaque.driver: Invalid value: \"\": a lowercase RFC 1123 subdomain", "spec.config[0].opaque.driver: Required value", "spec.config[0].opaque.parameters: Required value", "spec.selectors[0].cel: Required value")]
    public void Classes(string spec, params string[] errors) =>
        ResourceClaimValidatorTests.Starts(errors, Written.Create("deviceclasses.resource.k8s.io", $$"""{"metadata":{"name":"one"},"spec":{{spec}}}""").Errors);

    [Theory]
    [InlineData("""{"driver":"a.io","pool":{"name":"p","generation":1,"resourceSliceCount":1},"nodeName":"n","devices":[{"name":"d","attributes":{"model":{"string":"x"},"a.io/version":{"version":"1.2.3-rc.1+b"}},"capacity":{"memory":{"value":"1Gi"}}}]}""")]
    [InlineData("""{"driver":"a.io","pool":{"name":"p/A","generation":-1,"resourceSliceCount":0}}""", "spec.pool.generation: Invalid value: -1: must be greater than or equal to zero", "spec.pool.name: Invalid value: \"A\": a lowercase RFC 1123 subdomain", "spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero", "spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required")]
    [InlineData("""{"driver":"a.io","pool":{"name":"p","generation":1,"resourceSliceCount":1},"nodeName":"n","allNodes":true,"perDeviceNodeSelection":false}""", "spec.perDeviceNodeSelection: Invalid value: false: must be either unset or set to true", "spec: Invalid value: \"{`nodeName`, `allNodes`}\": exactly one of")]
    [InlineData("""{"driver":"a.io","pool":{"name":"p","generation":1,"resourceSliceCount":1},"allNodes":true,"devices":[{"name":"d"},{"name":"d","nodeName":"n"}]}""", "spec.devices[1]: Duplicate value: \"d\"", "spec.devices[1]: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set")]
    [InlineData("""{"driver":"a.io","pool":{"name":"p","generation":1,"resourceSliceCount":1},"perDeviceNodeSelection":true,"devices":[{"name":"d"}]}""", "spec.devices[0]: Required value: exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when")]
    [InlineData("""{"driver":"a.io","pool":{"name":"p","generation":1,"resourceSliceCount":1},"allNodes":true,"devices":[{"name":"d","attributes":{"a":{},"b":{"int":1,"bool":true},"/c":{"int":0},"d":{"version":"1.02.3"}}}]}""", "spec.devices[0].attributes: Invalid value: \"\": the domain must not be empty", "spec.devices[0].attributes[a]: Invalid value: \"\": exactly one value must be specified", "spec.devices[0].attributes[b]: Invalid value: {", "spec.devices[0].attributes[d].version: Invalid value: \"1.02.3\": must be a string compatible with semver.org spec 2.0.0")]
    [InlineData("""{"driver":"a.io","pool":{"name":"p","generation":1,"resourceSliceCount":1},"allNodes":true,"devices":[{"name":"d","capacity":{"m":{"value":"1","requestPolicy":{"default":"1"}}}}]}""", "spec.devices[0].capacity[m].requestPolicy: Forbidden: allowMultipleAllocations must be true")]
    [InlineData("""{"driver":"a.io","pool":{"name":"p","generation":1,"resourceSliceCount":1},"allNodes":true,"devices":[{"name":"d","allowMultipleAllocations":true,"capacity":{"m":{"value":"10","requestPolicy":{"default":"3","validRange":{"min":"2","max":"11","step":"2"}}}}}]}""", "spec.devices[0].capacity[m].requestPolicy.validRange.max: Invalid value: \"11\": max is larger than capacity value: 10", "spec.devices[0].capacity[m].requestPolicy.validRange.step: Invalid value: \"11\": value is not a multiple of a given step (2) from (2)", "spec.devices[0].capacity[m].requestPolicy.validRange.step: Invalid value: \"3\": value is not")]
    [InlineData("""{"driver":"a.io","pool":{"name":"p","generation":1,"resourceSliceCount":1},"allNodes":true,"sharedCounters":[{"name":"c"},{"name":"","counters":{"X":{"value":"1"}}}]}""", "spec.sharedCounters[0].counters: Required value", "spec.sharedCounters[1].counters: Invalid value: \"X\": a lowercase RFC 1123 label", "spec.sharedCounters[1].name: Required value")]
    [InlineData("""{"driver":"a.io","pool":{"name":"p","generation":1,"resourceSliceCount":1},"allNodes":true,"devices":[{"name":"d","bindingConditions":["a"],"taints":[{"key":"k"}]}]}""", "spec.devices[0].bindingFailureConditions: Invalid value: []: bindingFailureConditions are required to use bindingConditions", "spec.devices[0].taints[0].effect: Required value")]
    public void Slices_of_resources(string spec, params string[] errors) => ResourceClaimValidatorTests.Starts(errors, Written.Create(Slices, $$"""{"metadata":{"name":"one"},"spec":{{spec}}}""").Errors);

    [Fact]
    public void A_slice_stays_with_its_driver_and_its_node()
    {
        var item = Written.Create(Slices, """{"metadata":{"name":"one"},"spec":{"driver":"a.io","pool":{"name":"p","generation":1,"resourceSliceCount":1},"nodeName":"n"}}""").Item;

        var errors = Written.Update(Slices, item, i => (i["spec"]!["driver"], i["spec"]!["nodeName"], i["spec"]!["pool"]!["name"]) = ("b.io", "m", "q")).Errors;

        Assert.Equal(["spec.driver: Invalid value: \"b.io\": field is immutable", "spec.nodeName: Invalid value: \"m\": field is immutable", "spec.pool.name: Invalid value: \"q\": field is immutable"], errors);
    }

    [Fact]
    public void A_taint_tells_since_when()
    {
        var (item, errors) = Written.Create(Rules, """{"metadata":{"name":"one"},"spec":{"taint":{"key":"k","effect":"NoSchedule"}}}""");
        Assert.Empty(errors);
        Assert.NotNull(item["spec"]!["taint"]!["timeAdded"]);

        item["spec"]!["taint"]!["timeAdded"] = "2001-01-01T00:00:00Z";
        Assert.Equal("2001-01-01T00:00:00Z", Taint(i => i["value"] = "v")["timeAdded"]!.GetValue<string>());
        Assert.NotEqual("2001-01-01T00:00:00Z", Taint(i => i["effect"] = "None")["timeAdded"]!.GetValue<string>());

        JsonObject Taint(Action<JsonObject> change) => Written.Update(Rules, item, i => change(i["spec"]!["taint"]!.AsObject())).Item["spec"]!["taint"]!.AsObject();
    }

    [Theory]
    [InlineData("""{"taint":{"key":"","effect":""}}""", "spec.taint.effect: Required value", "spec.taint.key: Invalid value: \"\": name part must be non-empty", "spec.taint.key: Invalid value: \"\": name part must consist of")]
    [InlineData("""{"deviceSelector":{"driver":"a_b","pool":"","device":"D"},"taint":{"key":"k","effect":"Never","value":"?"}}""", "spec.deviceSelector.device: Invalid value: \"D\": a lowercase RFC 1123 label", "spec.deviceSelector.driver: Invalid value: \"a_b\": a lowercase RFC 1123 subdomain", "spec.deviceSelector.pool: Required value", "spec.taint.effect: Unsupported value: \"Never\": supported values: \"NoExecute\", \"NoSchedule\", \"None\"", "spec.taint.value: Invalid value: \"?\": a valid label must be")]
    public void Rules_of_taints(string spec, params string[] errors) => ResourceClaimValidatorTests.Starts(errors, Written.Create(Rules, $$"""{"metadata":{"name":"one"},"spec":{{spec}}}""").Errors);
}
