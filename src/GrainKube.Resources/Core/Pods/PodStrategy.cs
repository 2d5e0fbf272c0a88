using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Pods;

/// <summary>What happens to a pod besides defaults: its first status, and how long it may take to die.</summary>
internal sealed class PodStrategy : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope)
    {
        var spec = item.Ensure("spec");
        LeastGrace(spec);
        LabelKeySelectors.Merge(item);
        AppArmorAnnotations.ToFields(item, scope);
        item["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QualityOfService.Of(spec) };
        if (spec["schedulingGates"] is JsonArray { Count: > 0 })
        {
            item.Ensure("status")["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "PodScheduled",
                ["status"] = "False",
                ["reason"] = "SchedulingGated",
                ["message"] = "Scheduling is blocked due to non-empty scheduling gates",
            });
        }
    }

    public void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope)
    {
        LeastGrace(next.Ensure("spec"));

        // These two have subresources of their own.
        if (scope.Subresource.Length == 0 && current.Object("spec") is { } stored)
        {
            next.Ensure("spec").CarryOver("ephemeralContainers", stored);
        }
    }

    public void PrepareForStatusUpdate(JsonObject next, JsonObject current, WriteScope scope)
    {
        if (current.Object("status").Text("qosClass") is { Length: > 0 } qos)
        {
            next.Ensure("status").DefaultTo("qosClass", qos);
        }
    }

    /// <summary>A pod that no node runs, or that is finished, goes at once; others have the time they ask for, or the client gives.</summary>
    public long? GracePeriodSeconds(JsonObject current, long? requested)
    {
        var spec = current.Object("spec");
        if (spec.Text("nodeName").Length == 0 || current.Object("status").Text("phase") is "Failed" or "Succeeded")
        {
            return 0;
        }

        var period = requested ?? spec.Number("terminationGracePeriodSeconds") ?? 30;
        return period < 0 ? 1 : period;
    }

    /// <summary>A negative grace means the least there is, and the pod says so.</summary>
    private static void LeastGrace(JsonObject spec)
    {
        if (spec.Number("terminationGracePeriodSeconds") < 0)
        {
            spec["terminationGracePeriodSeconds"] = 1;
        }
    }
}
