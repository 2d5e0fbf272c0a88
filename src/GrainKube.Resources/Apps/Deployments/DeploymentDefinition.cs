using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Apps.Deployments;

internal sealed class DeploymentDefinition : BuiltInDefinition<V1Deployment>
{
    public DeploymentDefinition()
        : base(ResourceNames.InNamespace("apps", "v1", "deployments", "Deployment", "deploy") with { Categories = ["all"] })
    {
        Uses(new DeploymentColumns());
        Uses(new DeploymentDefaults());
        Uses(new DeploymentValidator());
        WithStatus();
        AnnotationsCount = true;
        KeptByStatus = ["labels"];
        WithScale("spec.replicas", "status.replicas", "spec.selector");
    }
}
