using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Batch.CronJobs;

internal sealed class CronJobDefinition : BuiltInDefinition<V1CronJob>
{
    public CronJobDefinition()
        : base(ResourceNames.InNamespace("batch", "v1", "cronjobs", "CronJob", "cj") with { Categories = ["all"] })
    {
        Uses(new CronJobColumns());
        Uses(new CronJobDefaults());
        Uses(new CronJobValidator());
        WithStatus();
    }
}
