using Xunit;

namespace GrainKube.Resources.Tests.Storage.CSIDrivers;

public sealed class CSIDriverValidatorTests
{
    private const string Resource = "csidrivers.storage.k8s.io";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"spec":{"tokenRequests":[{"audience":"a"},{"audience":"b","expirationSeconds":600}]}}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"fsGroupPolicy":"Any","volumeLifecycleModes":["Fast"],"nodeAllocatableUpdatePeriodSeconds":5,"tokenRequests":[{"audience":"a"},{"audience":"a"},{"audience":"b","expirationSeconds":5}]}}""", "spec.fsGroupPolicy: Unsupported value: \"Any\": supported values: \"File\", \"None\", \"ReadWriteOnceWithFSType\"", "spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 5: must be greater than or equal to 10 seconds", "spec.tokenRequests[1].audience: Duplicate value: \"a\"", "spec.tokenRequests[2].expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes", "spec.volumeLifecycleModes: Unsupported value: \"Fast\": supported values: \"Persistent\", \"Ephemeral\"")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"spec":{}}""", """{"spec":{"attachRequired":false,"volumeLifecycleModes":["Ephemeral"]}}""", "spec.attachedRequired: Invalid value: false: field is immutable", "spec.volumeLifecycleModes: Invalid value: [\"Ephemeral\"]: field is immutable")]
    public void What_may_not_change_is_told(string before, string after, params string[] errors) =>
        Written.AssertBegins(errors, Written.Change(Resource, before, after).Errors);
}
