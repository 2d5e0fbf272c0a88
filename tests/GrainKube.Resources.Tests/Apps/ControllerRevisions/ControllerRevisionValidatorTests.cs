using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Apps.ControllerRevisions;
using k8s;
using k8s.Models;
using Xunit;

namespace GrainKube.Resources.Tests.Apps.ControllerRevisions;

public sealed class ControllerRevisionValidatorTests
{
    [Fact]
    public void Data_is_needed_and_the_number_counts_up_from_zero() => Assert.Equal(
        ["data: Required value: data is mandatory", "revision: Invalid value: -1: must be greater than or equal to 0"],
        Written.Create("controllerrevisions.apps", """{"metadata":{"name":"r"},"revision":-1}""").Errors);

    [Theory]
    [InlineData("""{"a":1}""", true)]
    [InlineData("""{"a":2}""", false)]
    public void What_it_remembers_never_changes(string data, bool allowed)
    {
        var errors = new FieldErrors();

        new ControllerRevisionValidator().ValidateUpdate(Revision(2, data), Revision(1, """{"a":1}"""), errors);

        Assert.Equal(allowed, errors.IsEmpty);
    }

    private static V1ControllerRevision Revision(long number, string data) =>
        KubernetesJson.Deserialize<V1ControllerRevision>($$"""{"metadata":{"name":"r"},"revision":{{number}},"data":{{data}}}""");
}
