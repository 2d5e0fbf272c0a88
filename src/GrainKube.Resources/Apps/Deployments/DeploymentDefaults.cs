using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Resources.Apps.Deployments;

internal sealed class DeploymentDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        spec.DefaultTo("replicas", 1);
        var strategy = spec.Ensure("strategy");
        strategy.DefaultTo("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            Quarter(rolling, "maxUnavailable");
            Quarter(rolling, "maxSurge");
        }

        spec.DefaultTo("revisionHistoryLimit", 10);
        spec.DefaultTo("progressDeadlineSeconds", 600);
        PodSpecDefaults.ApplyToTemplate(spec.Object("template"));
    }

    private static void Quarter(JsonObject rolling, string field)
    {
        if (rolling[field] is null)
        {
            rolling[field] = "25%";
        }
    }
}
