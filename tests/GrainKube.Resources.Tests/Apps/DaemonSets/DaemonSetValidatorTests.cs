using Xunit;

namespace GrainKube.Resources.Tests.Apps.DaemonSets;

public sealed class DaemonSetValidatorTests
{
    private const string Template = """ "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"x"}]}} """;
    private const string Selector = """ "selector":{"matchLabels":{"a":"b"}} """;

    public static TheoryData<string, string[]> Wrong => new()
    {
        {
            $$""" {{Template}},{{Selector}},"updateStrategy":{"type":"Foo"} """,
            ["spec.updateStrategy: Unsupported value: {\"type\":\"Foo\"}: supported values: \"RollingUpdate\", \"OnDelete\""]
        },
        {
            $$""" {{Template}},{{Selector}},"updateStrategy":{"rollingUpdate":{"maxUnavailable":0} } """,
            ["spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0"]
        },
        {
            $$""" {{Template}},{{Selector}},"updateStrategy":{"rollingUpdate":{"maxSurge":"10%"} } """,
            ["spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: \"10%\": may not be set when maxUnavailable is non-zero"]
        },
        {
            $$""" {{Template}},{{Selector}},"revisionHistoryLimit":-1,"minReadySeconds":-1,"updateStrategy":{"rollingUpdate":{"maxUnavailable":"200%"} } """,
            [
                "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
                "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
                "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: \"200%\": must not be greater than 100%",
            ]
        },
        { $$""" {{Template}},"selector":{} """, ["spec.selector: Invalid value: {}: empty selector is invalid for daemonset"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Everything_wrong_is_told_at_once(string spec, string[] errors) =>
        Assert.Equal(errors, Written.Create("daemonsets.apps", $$"""{"metadata":{"name":"d"},"spec":{ {{spec}} } }""").Errors);

    [Fact]
    public void Surging_is_allowed_where_nothing_may_be_missing() => Assert.Empty(
        Written.Create("daemonsets.apps", $$"""{"metadata":{"name":"d"},"spec":{ {{Template}},{{Selector}},"updateStrategy":{"rollingUpdate":{"maxSurge":1,"maxUnavailable":0} } } }""").Errors);
}
