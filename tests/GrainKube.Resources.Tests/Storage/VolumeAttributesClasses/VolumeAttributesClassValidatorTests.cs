using Xunit;

namespace GrainKube.Resources.Tests.Storage.VolumeAttributesClasses;

public sealed class VolumeAttributesClassValidatorTests
{
    private const string Resource = "volumeattributesclasses.storage.k8s.io";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"driverName":"a.io","parameters":{"iops":"1"}}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"driverName":""}""", "driverName: Required value", "parameters: Required value: must contain at least one key/value pair")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"driverName":"a.io","parameters":{"iops":"1"}}""", """{"driverName":"b.io","parameters":{"iops":"2"}}""", "driverName: Forbidden: updates to driverName are forbidden.", "parameters: Forbidden: updates to parameters are forbidden.")]
    public void What_may_not_change_is_told(string before, string after, params string[] errors) =>
        Written.AssertBegins(errors, Written.Change(Resource, before, after).Errors);
}
