using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Scheduling.PriorityClasses;

internal sealed class PriorityClassDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        item.DefaultAbsentTo("preemptionPolicy", "PreemptLowerPriority");
    }
}
