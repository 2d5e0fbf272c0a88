using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Autoscaling.HorizontalPodAutoscalers;

internal sealed class HorizontalPodAutoscalerDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        spec.DefaultTo("minReplicas", 1);
        if (spec["metrics"] is not JsonArray { Count: > 0 })
        {
            spec["metrics"] = new JsonArray(new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject
                {
                    ["name"] = "cpu", ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 80 },
                },
            });
        }

        if (spec["behavior"] is JsonObject behavior)
        {
            Rules(behavior.Object("scaleUp"), [("Pods", 4), ("Percent", 100)], window: 0);
            Rules(behavior.Object("scaleDown"), [("Percent", 100)], window: null);
        }
    }

    /// <summary>What a direction that is mentioned does not say.</summary>
    private static void Rules(JsonObject? rules, (string Type, int Value)[] policies, int? window)
    {
        if (rules is null)
        {
            return;
        }

        rules.DefaultAbsentTo("selectPolicy", "Max");
        if (window is { } seconds)
        {
            rules.DefaultTo("stabilizationWindowSeconds", seconds);
        }

        if (rules["policies"] is null)
        {
            rules["policies"] = new JsonArray([.. policies.Select(p => new JsonObject { ["type"] = p.Type, ["value"] = p.Value, ["periodSeconds"] = 15 })]);
        }
    }
}
