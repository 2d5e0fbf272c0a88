using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Apps.Deployments;

public sealed class DeploymentDefaultsTests
{
    private static readonly JsonObject Stored = Create();

    [Fact]
    public void A_deployment_gets_its_defaults()
    {
        var spec = Stored["spec"]!.DeepClone().AsObject();
        spec.Remove("template");
        spec.Remove("selector");
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse("""{"replicas":1,"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%","maxSurge":"25%"}},"revisionHistoryLimit":10,"progressDeadlineSeconds":600}"""),
                spec),
            spec.ToJsonString());
        Assert.Equal("Always", Stored["spec"]!["template"]!["spec"]!["restartPolicy"]!.GetValue<string>());
        Assert.Null(Stored["spec"]!["template"]!["spec"]!["enableServiceLinks"]);
    }

    [Fact]
    public void The_selector_is_immutable() => Assert.Equal(
        [
            "spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"d\"}}: field is immutable",
            "spec.template.metadata.labels: Invalid value: {\"a\":\"c\"}: `selector` does not match template `labels`",
        ],
        Written.Update("deployments.apps", Stored, d => d["spec"]!["selector"]!["matchLabels"]!["a"] = "d").Errors);

    [Fact]
    public void Scaling_is_an_update()
    {
        Assert.Empty(Written.Update("deployments.apps", Stored, d => d["spec"]!["replicas"] = 5, "scale").Errors);
        Assert.Equal(
            ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"],
            Written.Update("deployments.apps", Stored, d => d["spec"]!["replicas"] = -1, "scale").Errors);
    }

    private static JsonObject Create()
    {
        var (item, errors) = Written.Create("deployments.apps", """
            {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"c"}},"template":{"metadata":{"labels":{"a":"c"}},"spec":{"containers":[{"name":"c","image":"x"}]}}}}
            """);
        Assert.Empty(errors);
        return item;
    }
}
