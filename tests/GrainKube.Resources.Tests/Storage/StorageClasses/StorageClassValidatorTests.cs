using Xunit;

namespace GrainKube.Resources.Tests.Storage.StorageClasses;

public sealed class StorageClassValidatorTests
{
    private const string Resource = "storageclasses.storage.k8s.io";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"provisioner":"example.com/disks","parameters":{"a":"b"},"allowedTopologies":[{"matchLabelExpressions":[{"key":"zone","values":["a"]}]}]}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"provisioner":"","reclaimPolicy":"Recycle","volumeBindingMode":"Never"}""", "provisioner: Required value", "reclaimPolicy: Unsupported value: \"Recycle\": supported values: \"Delete\", \"Retain\"", "volumeBindingMode: Unsupported value: \"Never\": supported values: \"Immediate\", \"WaitForFirstConsumer\"")]
    [InlineData("""{"metadata":{"name":"one"},"provisioner":"a/b/c","allowedTopologies":[{"matchLabelExpressions":[{"key":"zone","values":[]},{"key":"zone","values":["a","a"]}]}]}""", "allowedTopologies[0].matchLabelExpressions[0].values: Required value", "allowedTopologies[0].matchLabelExpressions[1].key: Duplicate value: \"zone\"", "allowedTopologies[0].matchLabelExpressions[1].values[1]: Duplicate value: \"a\"", "provisioner: Invalid value: \"a/b/c\": ")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"provisioner":"a.b/c"}""", """{"provisioner":"d","parameters":{"x":"y"},"reclaimPolicy":"Retain","volumeBindingMode":"WaitForFirstConsumer"}""", "parameters: Forbidden: updates to parameters are forbidden.", "provisioner: Forbidden: updates to provisioner are forbidden.", "reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.", "volumeBindingMode: Invalid value: \"WaitForFirstConsumer\": field is immutable")]
    public void What_may_not_change_is_told(string before, string after, params string[] errors) =>
        Written.AssertBegins(errors, Written.Change(Resource, before, after).Errors);
}
