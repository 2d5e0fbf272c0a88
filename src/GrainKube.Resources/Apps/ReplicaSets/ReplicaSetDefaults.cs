using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Resources.Apps.ReplicaSets;

internal sealed class ReplicaSetDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        spec.DefaultTo("replicas", 1);
        PodSpecDefaults.ApplyToTemplate(spec.Object("template"));
    }
}
