using Xunit;

namespace GrainKube.Resources.Tests.Apps.ReplicaSets;

public sealed class ReplicaSetValidatorTests
{
    public static TheoryData<string, string[]> Wrong => new()
    {
        {
            """
            {"metadata":{"name":"r2"},"spec":{"replicas":-1,"selector":{},"template":{"spec":{"containers":[]}}}}
            """,
            [
                """spec.replicas: Invalid value: -1: must be greater than or equal to 0""",
                """spec.selector: Invalid value: {}: empty selector is invalid for deployment""",
                """spec.template.spec.containers: Required value""",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Everything_wrong_is_told_at_once(string json, string[] errors) => Assert.Equal(errors, Written.Create("replicasets.apps", json).Errors);
}
