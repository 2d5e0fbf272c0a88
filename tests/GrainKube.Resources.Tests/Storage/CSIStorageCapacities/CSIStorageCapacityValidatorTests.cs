using Xunit;

namespace GrainKube.Resources.Tests.Storage.CSIStorageCapacities;

public sealed class CSIStorageCapacityValidatorTests
{
    private const string Resource = "csistoragecapacities.storage.k8s.io";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"storageClassName":"fast","capacity":"1Gi"}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"storageClassName":"","capacity":"-1"}""", "capacity: Invalid value: \"-1\": must be greater than or equal to 0", "storageClassName: Invalid value: \"\": a lowercase RFC 1123 subdomain")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"storageClassName":"fast"}""", """{"storageClassName":"slow","nodeTopology":{}}""", "nodeTopology: Invalid value: {}: field is immutable", "storageClassName: Invalid value: \"slow\": field is immutable")]
    public void What_may_not_change_is_told(string before, string after, params string[] errors) =>
        Written.AssertBegins(errors, Written.Change(Resource, before, after).Errors);
}
