using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Resources.Batch.Jobs;

internal sealed class JobDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        if (spec["completions"] is null && spec["parallelism"] is null)
        {
            spec.DefaultTo("completions", 1);
        }

        spec.DefaultTo("parallelism", 1);
        spec.DefaultTo("backoffLimit", spec["backoffLimitPerIndex"] is null ? 6 : int.MaxValue);
        spec.DefaultTo("completionMode", "NonIndexed");
        spec.DefaultTo("suspend", false);
        spec.DefaultTo("manualSelector", false);
        spec.DefaultTo("podReplacementPolicy", spec["podFailurePolicy"] is null ? "TerminatingOrFailed" : "Failed");
        foreach (var condition in spec.Object("podFailurePolicy").Objects("rules").SelectMany(r => r.Objects("onPodConditions")))
        {
            condition.DefaultTo("status", "True");
        }

        LabelAsTemplate(item, spec.Object("template"));
        PodSpecDefaults.ApplyToTemplate(spec.Object("template"));
    }

    /// <summary>A job without labels gets those of its pods.</summary>
    private static void LabelAsTemplate(JsonObject item, JsonObject? template)
    {
        if (item.Object("metadata").Object("labels") is not { Count: > 0 } && template.Object("metadata").Object("labels") is { Count: > 0 } labels)
        {
            item.Ensure("metadata")["labels"] = labels.DeepClone();
        }
    }
}
