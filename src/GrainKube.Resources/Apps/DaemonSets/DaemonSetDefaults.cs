using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Resources.Apps.DaemonSets;

internal sealed class DaemonSetDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        spec.DefaultTo("revisionHistoryLimit", 10);
        var strategy = spec.Ensure("updateStrategy");
        strategy.DefaultTo("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            // A number or a percentage, so absence is all that counts.
            var rolling = strategy.Ensure("rollingUpdate");
            rolling["maxUnavailable"] ??= 1;
            rolling["maxSurge"] ??= 0;
        }

        PodSpecDefaults.ApplyToTemplate(spec.Object("template"));
    }
}
