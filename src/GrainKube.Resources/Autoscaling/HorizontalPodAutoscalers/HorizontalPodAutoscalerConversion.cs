using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.Resources.Autoscaling.HorizontalPodAutoscalers;

/// <summary>Between <c>autoscaling/v1</c>, which knows one CPU target, and v2. What v1 has no field for travels in annotations, as upstream has it.</summary>
internal static class HorizontalPodAutoscalerConversion
{
    private const string Annotation = "autoscaling.alpha.kubernetes.io/";

    public static void FromV1(JsonObject item)
    {
        item["apiVersion"] = "autoscaling/v2";
        if (item["spec"] is JsonObject spec)
        {
            var metrics = new JsonArray();
            if (spec.Remove("targetCPUUtilizationPercentage", out var percent) && percent is not null)
            {
                metrics.Add(new JsonObject
                {
                    ["type"] = "Resource",
                    ["resource"] = new JsonObject
                    {
                        ["name"] = "cpu", ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = percent },
                    },
                });
            }

            AddMetrics(metrics, Take(item, "metrics"), "target");
            Put(spec, "metrics", metrics);
            Put(spec, "behavior", Take(item, "behavior"));
        }

        if (item["status"] is JsonObject status)
        {
            var metrics = new JsonArray();
            if (status.Remove("currentCPUUtilizationPercentage", out var percent) && percent is not null)
            {
                metrics.Add(new JsonObject
                {
                    ["type"] = "Resource",
                    ["resource"] = new JsonObject { ["name"] = "cpu", ["current"] = new JsonObject { ["averageUtilization"] = percent } },
                });
            }

            AddMetrics(metrics, Take(item, "current-metrics"), "current");
            Put(status, "currentMetrics", metrics);
            Put(status, "conditions", Take(item, "conditions"));
        }
    }

    public static void ToV1(JsonObject item)
    {
        item["apiVersion"] = "autoscaling/v1";
        if (item["spec"] is JsonObject spec)
        {
            var rest = SplitCpu(spec, "metrics", "target", "targetCPUUtilizationPercentage");
            Annotate(item, "metrics", rest);
            Annotate(item, "behavior", Removed(spec, "behavior"));
        }

        if (item["status"] is JsonObject status)
        {
            var rest = SplitCpu(status, "currentMetrics", "current", "currentCPUUtilizationPercentage");
            Annotate(item, "current-metrics", rest);
            Annotate(item, "conditions", Removed(status, "conditions"));
        }
    }

    /// <summary>Moves the CPU percentage to its v1 field and returns the other metrics in v1 form.</summary>
    private static JsonArray SplitCpu(JsonObject part, string list, string member, string percentField)
    {
        var rest = new JsonArray();
        foreach (var metric in (Removed(part, list) as JsonArray ?? []).OfType<JsonObject>())
        {
            var percent = (string?)metric["resource"]?["name"] == "cpu" ? metric["resource"]?[member]?["averageUtilization"] : null;
            if (percent is not null && !part.ContainsKey(percentField))
            {
                part[percentField] = percent.DeepClone();
                if (member == "target" || metric["resource"]?[member]?["averageValue"] is null)
                {
                    continue;
                }
            }

            rest.Add(MetricForms.ToV1(metric, member));
        }

        return rest;
    }

    private static void AddMetrics(JsonArray metrics, JsonNode? annotated, string member)
    {
        foreach (var metric in (annotated as JsonArray ?? []).OfType<JsonObject>())
        {
            metrics.Add(MetricForms.ToV2(metric, member));
        }
    }

    private static JsonNode? Take(JsonObject item, string name)
    {
        if (item["metadata"]?["annotations"] is not JsonObject annotations || !annotations.Remove(Annotation + name, out var text) || text is not JsonValue)
        {
            return null;
        }

        if (annotations.Count == 0)
        {
            item["metadata"]!.AsObject().Remove("annotations");
        }

        try
        {
            return JsonNode.Parse((string)text!);
        }
        catch (JsonException)
        {
            // Upstream too ignores an annotation that it cannot read: users may write them.
            return null;
        }
    }

    private static void Annotate(JsonObject item, string name, JsonNode? value)
    {
        if (value is null or JsonArray { Count: 0 })
        {
            return;
        }

        var metadata = item["metadata"]!.AsObject();
        if (metadata["annotations"] is not JsonObject annotations)
        {
            metadata["annotations"] = annotations = [];
        }

        annotations[Annotation + name] = value.ToJsonString();
    }

    private static JsonNode? Removed(JsonObject item, string name) => item.Remove(name, out var value) ? value : null;

    private static void Put(JsonObject item, string name, JsonNode? value)
    {
        if (value is not (null or JsonArray { Count: 0 }))
        {
            item[name] = value;
        }
    }
}
