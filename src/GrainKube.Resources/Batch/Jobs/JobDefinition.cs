using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Batch.Jobs;

internal sealed class JobDefinition : BuiltInDefinition<V1Job>
{
    public JobDefinition()
        : base(ResourceNames.InNamespace("batch", "v1", "jobs", "Job") with { Categories = ["all"] })
    {
        Uses(new JobColumns());
        Uses(new JobDefaults());
        Uses(new JobStrategy());
        Uses(new JobValidator());
        WithStatus();
        OrphansByDefault = true;
        OrphansWarning = "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning";
        Selects("status.successful", FieldPath.Reader("status.succeeded", absent: "0"));
    }
}
