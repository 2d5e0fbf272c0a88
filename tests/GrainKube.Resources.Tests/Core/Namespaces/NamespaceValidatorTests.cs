using Xunit;

namespace GrainKube.Resources.Tests.Core.Namespaces;

public sealed class NamespaceValidatorTests
{
    public static TheoryData<string, string[]> Wrong => new()
    {
        {
            """
            {"metadata":{"name":"machns"},"spec":{"finalizers":["foo"]}}
            """,
            [
                """spec.finalizers: Invalid value: "foo": name is neither a standard finalizer name nor is it fully qualified""",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Everything_wrong_is_told_at_once(string json, string[] errors) => Assert.Equal(errors, Written.Create("namespaces", json).Errors);
}
