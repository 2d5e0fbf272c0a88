using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Apps.StatefulSets;

public sealed class StatefulSetValidatorTests
{
    private const string Template = """ "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"x","volumeMounts":[{"name":"data","mountPath":"/data"}]}]}} """;
    private const string Selector = """ "selector":{"matchLabels":{"a":"b"}} """;

    public static TheoryData<string, string[]> Wrong => new()
    {
        {
            $$""" {{Template}},{{Selector}},"podManagementPolicy":"X","replicas":-1,"minReadySeconds":-1,"revisionHistoryLimit":-1,"ordinals":{"start":-1} """,
            [
                "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
                "spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0",
                "spec.podManagementPolicy: Invalid value: \"X\": must be 'OrderedReady' or 'Parallel'",
                "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
                "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
            ]
        },
        {
            $$""" {{Template}},{{Selector}},"updateStrategy":{"type":"OnDelete","rollingUpdate":{"partition":1} } """,
            ["spec.updateStrategy.rollingUpdate: Invalid value: {\"partition\":1}: only allowed for updateStrategy 'RollingUpdate'"]
        },
        {
            $$""" {{Template}},{{Selector}},"updateStrategy":{"type":"Recreate"} """,
            ["spec.updateStrategy: Invalid value: {\"type\":\"Recreate\"}: must be 'RollingUpdate' or 'OnDelete'"]
        },
        {
            $$""" {{Template}},{{Selector}},"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":-1,"maxUnavailable":0} } """,
            [
                "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0",
                "spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0",
            ]
        },
        {
            $$""" {{Template}},"selector":{},"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Keep"} """,
            [
                "spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: \"Keep\": supported values: \"Retain\", \"Delete\"",
                "spec.selector: Invalid value: {}: empty selector is invalid for statefulset",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Everything_wrong_is_told_at_once(string spec, string[] errors) =>
        Assert.Equal(errors, Written.Create("statefulsets.apps", $$"""{"metadata":{"name":"s"},"spec":{ {{spec}} } }""").Errors);

    [Fact]
    public void A_mount_of_a_claim_is_no_error_and_one_pod_may_be_missing_by_default()
    {
        var made = Written.Create("statefulsets.apps", $$"""{"metadata":{"name":"s"},"spec":{ {{Template}},{{Selector}} } }""");

        Assert.Empty(made.Errors);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"type":"RollingUpdate","rollingUpdate":{"partition":0,"maxUnavailable":1} }"""), made.Item["spec"]!["updateStrategy"]));
    }
}
