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
    [InlineData("dataSourceRef", """{"kind":"VolumeSnapshot","name":"s"}""", ": Invalid value: \"VolumeSnapshot\": must be 'PersistentVolumeClaim' when referencing the default apiGroup")]
    [InlineData("dataSource", """{"kind":"PersistentVolumeClaim"}""", ".name: Required value")]
    public void What_it_is_filled_with_is_named(string field, string source, string error) => Assert.Equal(
        ["spec.dataSource" + error, "spec.dataSourceRef" + error], Written.Create("persistentvolumeclaims", With(field, source)).Errors);

    [Theory]
    [InlineData("dataSource", """{"kind":"PersistentVolumeClaim","name":"c"}""", """{"kind":"PersistentVolumeClaim","name":"c","apiGroup":null}""", """{"kind":"PersistentVolumeClaim","name":"c","apiGroup":null}""")]
    [InlineData("dataSourceRef", """{"apiGroup":"x.io","kind":"Any","name":"c"}""", """{"apiGroup":"x.io","kind":"Any","name":"c"}""", """{"apiGroup":"x.io","kind":"Any","name":"c"}""")]
    [InlineData("dataSource", """{"apiGroup":"x.io","kind":"Any","name":"c"}""", null, null)]
    [InlineData("dataSourceRef", """{"kind":"PersistentVolumeClaim","name":"c","namespace":"other"}""", null, null)]
    public void Both_fields_of_a_source_say_the_same(string field, string source, string? old, string? reference)
    {
        var (item, errors) = Written.Create("persistentvolumeclaims", With(field, source));
        Assert.Empty(errors);
        Assert.Equal((old, reference), (item["spec"]!["dataSource"]?.ToJsonString(), item["spec"]!["dataSourceRef"]?.ToJsonString()));

        var (next, problems) = Written.Update("persistentvolumeclaims", item, changed => changed["spec"]!.AsObject().Remove("dataSourceRef"));
        Assert.Empty(problems);
        Assert.Equal(reference, next["spec"]!["dataSourceRef"]?.ToJsonString());
    }

    private static string With(string field, string source) => Good.Replace("\"storageClassName\"", $"\"{field}\":{source},\"storageClassName\"", StringComparison.Ordinal);
}
