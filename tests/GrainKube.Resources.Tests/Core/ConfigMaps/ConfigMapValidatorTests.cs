using Xunit;

namespace GrainKube.Resources.Tests.Core.ConfigMaps;

public sealed class ConfigMapValidatorTests
{
    public static TheoryData<string, string[]> Wrong => new()
    {
        {
            """
            {"metadata":{"name":"y"},"data":{"a b":"b","c":"1"},"binaryData":{"c":"Yw==","..x":"Yw=="}}
            """,
            [
                """binaryData[..x]: Invalid value: "..x": must not start with '..'""",
                """data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')""",
                """data[c]: Invalid value: "c": duplicate of key present in binaryData""",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Everything_wrong_is_told_at_once(string json, string[] errors) => Assert.Equal(errors, Written.Create("configmaps", json).Errors);

    [Fact]
    public void What_is_too_long_as_a_whole_is_told_of_no_field_in_particular() => Assert.Equal(
        ["[]: Too long: may not be more than 1048576 bytes"],
        Written.Create("configmaps", $$$"""{"metadata":{"name":"y"},"data":{"a":"{{{new string('x', (1 << 20) + 1)}}}"}}""").Errors);
}
