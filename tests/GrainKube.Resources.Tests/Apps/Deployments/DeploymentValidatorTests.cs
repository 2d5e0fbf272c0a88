using Xunit;

namespace GrainKube.Resources.Tests.Apps.Deployments;

public sealed class DeploymentValidatorTests
{
    public static TheoryData<string, string[]> Wrong => new()
    {
        {
            """
            {"metadata":{"name":"d2"},"spec":{}}
            """,
            [
                """spec.selector: Required value""",
                """spec.template.metadata.labels: Invalid value: {}: `selector` does not match template `labels`""",
                """spec.template.spec.containers: Required value""",
            ]
        },
        {
            """
            {"metadata":{"name":"d3"},"spec":{"replicas":-1,"minReadySeconds":700,"revisionHistoryLimit":-1,"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":0,"maxUnavailable":0}},"selector":{"matchLabels":{"a":"c"}},"template":{"metadata":{"labels":{"a":"d"}},"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"x"}],"activeDeadlineSeconds":5}}}}
            """,
            [
                """spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds""",
                """spec.replicas: Invalid value: -1: must be greater than or equal to 0""",
                """spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0""",
                """spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0""",
                """spec.template.metadata.labels: Invalid value: {"a":"d"}: `selector` does not match template `labels`""",
                """spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported""",
                "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"",
            ]
        },
        {
            """
            {"metadata":{"name":"d4"},"spec":{"strategy":{"type":"Recreate","rollingUpdate":{"maxSurge":"x"}},"selector":{},"template":{"metadata":{"labels":{"a b":"d"}},"spec":{"containers":[{"name":"c","image":"x"}]}}}}
            """,
            [
                """spec.selector: Invalid value: {}: empty selector is invalid for deployment""",
                """spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'""",
                """spec.template.labels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')""",
            ]
        },
        {
            """
            {"metadata":{"name":"d5"},"spec":{"strategy":{"rollingUpdate":{"maxSurge":"x","maxUnavailable":"150%"}},"selector":{"matchExpressions":[{"key":"a","operator":"Foo"}]},"template":{"metadata":{"labels":{"a":"d"}},"spec":{"containers":[{"name":"c","image":"x"}]}}}}
            """,
            [
                """spec.selector.matchExpressions[0].operator: Invalid value: "Foo": not a valid selector operator""",
                """spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"Foo"}]}: invalid label selector""",
                """spec.strategy.rollingUpdate.maxSurge: Invalid value: "x": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')""",
                """spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "150%": must not be greater than 100%""",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Everything_wrong_is_told_at_once(string json, string[] errors) => Assert.Equal(errors, Written.Create("deployments.apps", json).Errors);
}
