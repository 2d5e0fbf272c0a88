using Xunit;

namespace GrainKube.Resources.Tests.Core.Secrets;

public sealed class SecretValidatorTests
{
    public static TheoryData<string, string[]> Wrong => new()
    {
        {
            """
            {"metadata":{"name":"z"},"type":"kubernetes.io/tls","stringData":{"a":"b"}}
            """,
            [
                """data[tls.crt]: Required value""",
                """data[tls.key]: Required value""",
            ]
        },
        {
            """
            {"metadata":{"name":"z2"},"type":"kubernetes.io/dockerconfigjson","stringData":{".dockerconfigjson":"x"}}
            """,
            [
                """data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character 'x' looking for beginning of value""",
            ]
        },
        {
            """
            {"metadata":{"name":"z3"},"type":"kubernetes.io/basic-auth"}
            """,
            [
                """data[password]: Required value""",
                """data[username]: Required value""",
            ]
        },
        {
            """
            {"metadata":{"name":"z4"},"type":"kubernetes.io/service-account-token"}
            """,
            [
                """metadata.annotations[kubernetes.io/service-account.name]: Required value""",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Everything_wrong_is_told_at_once(string json, string[] errors) => Assert.Equal(errors, Written.Create("secrets", json).Errors);
}
