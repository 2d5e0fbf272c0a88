using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Autoscaling.HorizontalPodAutoscalers;

public sealed class HorizontalPodAutoscalerConversionTests
{
    private const string V2 = """
        {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"h"},
         "spec":{"maxReplicas":9,"metrics":[
           {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":50}}},
           {"type":"Object","object":{"describedObject":{"kind":"Ingress","name":"i"},"metric":{"name":"rps"},"target":{"type":"Value","value":"10"}}},
           {"type":"External","external":{"metric":{"name":"q","selector":{"matchLabels":{"a":"b"}}},"target":{"type":"AverageValue","averageValue":"30"}}}],
          "behavior":{"scaleDown":{"stabilizationWindowSeconds":60}}},
         "status":{"currentReplicas":3,"currentMetrics":[
           {"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":20}}},
           {"type":"Pods","pods":{"metric":{"name":"p"},"current":{"averageValue":"4"}}}],
          "conditions":[{"type":"AbleToScale","status":"True"}]}}
        """;

    private readonly ApiMachinery.Definitions.ServedVersion v1 = BuiltInResources.All.Single(d => d.Names.Plural == "horizontalpodautoscalers").Versions[1];

    [Fact]
    public void What_v1_cannot_say_travels_in_annotations()
    {
        var item = JsonNode.Parse(V2)!.AsObject();
        v1.FromStorage!(item);
        Assert.Equal("autoscaling/v1", (string?)item["apiVersion"]);
        Assert.Equal("""{"maxReplicas":9,"targetCPUUtilizationPercentage":50}""", item["spec"]!.ToJsonString());
        Assert.Equal("""{"currentReplicas":3,"currentCPUUtilizationPercentage":20}""", item["status"]!.ToJsonString());
        var metrics = JsonNode.Parse((string)item["metadata"]!["annotations"]!["autoscaling.alpha.kubernetes.io/metrics"]!)!;
        Assert.Equal("""{"type":"Object","object":{"metricName":"rps","target":{"kind":"Ingress","name":"i"},"targetValue":"10"}}""", metrics[0]!.ToJsonString());
        Assert.Equal(
            """{"type":"External","external":{"metricName":"q","metricSelector":{"matchLabels":{"a":"b"}},"targetAverageValue":"30"}}""",
            metrics[1]!.ToJsonString());
    }

    [Fact]
    public void There_and_back_again_nothing_is_lost()
    {
        var item = JsonNode.Parse(V2)!.AsObject();
        v1.FromStorage!(item);
        v1.ToStorage!(item);
        Assert.Equal(Sorted(JsonNode.Parse(V2)!).ToJsonString(), Sorted(item).ToJsonString());
    }

    [Fact]
    public void A_simple_v1_autoscaler_gets_one_cpu_metric()
    {
        var item = JsonNode.Parse("""{"spec":{"maxReplicas":2,"targetCPUUtilizationPercentage":80}}""")!.AsObject();
        v1.ToStorage!(item);
        Assert.Equal(
            """{"maxReplicas":2,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}}]}""",
            item["spec"]!.ToJsonString());
    }

    [Fact]
    public void An_annotation_that_is_no_json_is_dropped()
    {
        var item = JsonNode.Parse("""{"metadata":{"annotations":{"autoscaling.alpha.kubernetes.io/metrics":"{"}},"spec":{"maxReplicas":2}}""")!.AsObject();
        v1.ToStorage!(item);
        Assert.Equal("""{"maxReplicas":2}""", item["spec"]!.ToJsonString());
    }

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value is null ? null : (JsonNode?)Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(i => i is null ? null : Sorted(i))]),
        _ => node.DeepClone(),
    };
}
