using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.ApiExtensions.CustomResourceDefinitions;

internal sealed class CustomResourceDefinitionDefinition : BuiltInDefinition<V1CustomResourceDefinition>
{
    public CustomResourceDefinitionDefinition()
        : base(ResourceNames.ClusterWide("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", "crd", "crds")
            with { Categories = ["api-extensions"] })
    {
        Uses(new CustomResourceDefinitionColumns());
        Uses(new CustomResourceDefinitionDefaults());
        WithStatus();
        AllowsUnconditionalUpdate = false;
    }
}
