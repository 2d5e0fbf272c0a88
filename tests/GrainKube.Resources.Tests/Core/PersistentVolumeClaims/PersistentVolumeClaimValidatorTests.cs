using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Core.PersistentVolumeClaims;

public sealed class PersistentVolumeClaimValidatorTests
{
    private const string Good = """{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"fast","resources":{"requests":{"storage":"2Gi"}}}}""";
    private const string Immutable = "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

    [Fact]
    public void A_claim_says_how_much_and_how_it_is_used()
    {
        Assert.Empty(Written.Create("persistentvolumeclaims", Good).Errors);
        Assert.Equal(
            ["spec.accessModes: Required value: at least 1 access mode is required", "spec.resources[storage]: Required value"],
            Written.Create("persistentvolumeclaims", """{"metadata":{"name":"data"},"spec":{}}""").Errors);
        Assert.Equal(
            ["spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes", "spec.resources[storage]: Invalid value: \"0\": must be greater than zero"],
            Written.Create("persistentvolumeclaims", """{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce","ReadWriteOncePod"],"resources":{"requests":{"storage":"0"}}}}""").Errors);
    }

    [Theory]
    [InlineData("Pending", "storageClassName", "\"slow\"", Immutable)]
    [InlineData("Pending", "volumeName", "\"v\"", "")]
    [InlineData("Pending", "resources", """{"requests":{"storage":"3Gi"}}""", Immutable)]
    [InlineData("Bound", "resources", """{"requests":{"storage":"3Gi"}}""", "")]
    [InlineData("Bound", "resources", """{"requests":{"storage":"1Gi"}}""", "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity")]
    public void What_was_asked_stays_except_for_growth(string phase, string field, string value, string error)
    {
        var current = Written.Create("persistentvolumeclaims", Good).Item;
        current["status"] = JsonNode.Parse($$"""{"phase":"{{phase}}","capacity":{"storage":"2Gi"} }""");
        var errors = Written.Update("persistentvolumeclaims", current, item => item["spec"]![field] = JsonNode.Parse(value)).Errors;
        Assert.Equal(error.Length == 0 ? [] : [error], errors.Select(e => e.Split('\n')[0]));
    }

    [Theory]
    [InlineData("""{"kind":"VolumeSnapshot","name":"s"}""", "spec.dataSource: Invalid value: \"VolumeSnapshot\": must be 'PersistentVolumeClaim' when referencing the default apiGroup")]
    [InlineData("""{"kind":"PersistentVolumeClaim"}""", "spec.dataSource.name: Required value")]
    public void What_it_is_filled_with_is_named(string source, string error) => Assert.Equal(
        [error], Written.Create("persistentvolumeclaims", Good.Replace("\"storageClassName\"", $"\"dataSource\":{source},\"storageClassName\"", StringComparison.Ordinal)).Errors);
}
