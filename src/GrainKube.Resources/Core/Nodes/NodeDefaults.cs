using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Resources.Core.Nodes;

/// <summary>What can be allocated is everything, unless the node says less.</summary>
internal sealed class NodeDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        if (item.Object("status") is not { } status)
        {
            return;
        }

        ContainerDefaults.RoundToMilli(status.Object("capacity"));
        ContainerDefaults.RoundToMilli(status.Object("allocatable"));
        if (status["allocatable"] is null && status.Object("capacity") is { } capacity)
        {
            status["allocatable"] = capacity.DeepClone();
        }
    }
}
