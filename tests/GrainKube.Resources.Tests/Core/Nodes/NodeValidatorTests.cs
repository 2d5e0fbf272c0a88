using Xunit;

namespace GrainKube.Resources.Tests.Core.Nodes;

public sealed class NodeValidatorTests
{
    public static TheoryData<string, string[]> Wrong => new()
    {
        {
            """
            {"metadata":{"name":"n2"},"spec":{"podCIDR":"10.0.0.0/24","taints":[{"key":"a b","effect":"x"},{"key":"c","effect":"NoSchedule"},{"key":"c","effect":"NoSchedule"}]},"status":{"capacity":{"cpu":"-1","pods":"1.5"}}}
            """,
            [
                "metadata.taints[0].effect: Unsupported value: \"x\": supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\"",
                """metadata.taints[0].key: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')""",
                """metadata.taints[2]: Duplicate value: {"effect":"NoSchedule","key":"c"}: taints must be unique by key and effect pair""",
                """status.allocatable.cpu: Invalid value: "-1": must be greater than or equal to 0""",
                """status.allocatable.pods: Invalid value: "1500m": must be an integer""",
                """status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0""",
                """status.capacity.pods: Invalid value: "1500m": must be an integer""",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Everything_wrong_is_told_at_once(string json, string[] errors) => Assert.Equal(errors, Written.Create("nodes", json).Errors);
}
