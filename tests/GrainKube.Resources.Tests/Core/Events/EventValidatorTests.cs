using Xunit;

namespace GrainKube.Resources.Tests.Core.Events;

public sealed class EventValidatorTests
{
    public static TheoryData<string, string[]> Wrong => new()
    {
        {
            """
            {"metadata":{"name":"e1"},"involvedObject":{"namespace":"other"}}
            """,
            [
                """involvedObject.namespace: Invalid value: "other": does not match event.namespace""",
            ]
        },
        {
            """
            {"metadata":{"name":"e2"},"involvedObject":{"namespace":"mach"},"eventTime":"2024-01-01T00:00:00.000000Z","type":"Foo"}
            """,
            [
                """action: Required value""",
                """reason: Required value""",
                """reportingController: Invalid value: "": name part must be non-empty""",
                """reportingController: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')""",
                """reportingController: Required value""",
                """reportingInstance: Required value""",
            ]
        },
        {
            """
            {"metadata":{"name":"e3"},"involvedObject":{"kind":"Node","name":"n"}}
            """,
            [
                """involvedObject.namespace: Invalid value: "": does not match event.namespace""",
            ]
        },
        {
            """
            {"metadata":{"name":"UPPER and more"},"involvedObject":{"namespace":"mach"}}
            """,
            []
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Everything_wrong_is_told_at_once(string json, string[] errors) => Assert.Equal(errors, Written.Create("events", json).Errors);
}
