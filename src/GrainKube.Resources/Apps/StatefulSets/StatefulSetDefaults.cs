using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.Resources.Core.PersistentVolumeClaims;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Resources.Apps.StatefulSets;

internal sealed class StatefulSetDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        spec.DefaultTo("replicas", 1);
        spec.DefaultTo("revisionHistoryLimit", 10);
        spec.DefaultTo("podManagementPolicy", "OrderedReady");
        var strategy = spec.Ensure("updateStrategy");
        strategy.DefaultTo("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.DefaultTo("partition", 0);
            rolling["maxUnavailable"] ??= 1;
        }

        var retention = spec.Ensure("persistentVolumeClaimRetentionPolicy");
        retention.DefaultTo("whenDeleted", "Retain");
        retention.DefaultTo("whenScaled", "Retain");
        foreach (var claim in spec.Objects("volumeClaimTemplates"))
        {
            // Whatever the client calls them.
            (claim["apiVersion"], claim["kind"]) = ("v1", "PersistentVolumeClaim");
            PersistentVolumeClaimDefaults.Default(claim);
        }

        PodSpecDefaults.ApplyToTemplate(spec.Object("template"));
    }
}
