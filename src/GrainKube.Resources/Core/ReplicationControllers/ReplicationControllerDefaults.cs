using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Resources.Core.ReplicationControllers;

/// <summary>Unlike its successor, a replication controller takes its selector and labels from its pods.</summary>
internal sealed class ReplicationControllerDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        spec.DefaultTo("replicas", 1);
        if (spec.Object("template") is not { } template)
        {
            return;
        }

        if (template.Object("metadata").Object("labels") is { Count: > 0 } labels)
        {
            if (spec.Object("selector") is not { Count: > 0 })
            {
                spec["selector"] = labels.DeepClone();
            }

            if (item.Object("metadata").Object("labels") is not { Count: > 0 })
            {
                item.Ensure("metadata")["labels"] = labels.DeepClone();
            }
        }

        PodSpecDefaults.ApplyToTemplate(template);
    }
}
