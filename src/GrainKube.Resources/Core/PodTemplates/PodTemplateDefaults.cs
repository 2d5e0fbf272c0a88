using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Resources.Core.PodTemplates;

internal sealed class PodTemplateDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        PodSpecDefaults.ApplyToTemplate(item.Object("template"));
    }
}
