using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Resources.Batch.CronJobs;

internal sealed class CronJobDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        spec.DefaultTo("concurrencyPolicy", "Allow");
        spec.DefaultTo("suspend", false);
        spec.DefaultTo("successfulJobsHistoryLimit", 3);
        spec.DefaultTo("failedJobsHistoryLimit", 1);
        PodSpecDefaults.ApplyToTemplate(spec.Object("jobTemplate").Object("spec").Object("template"));
    }
}
