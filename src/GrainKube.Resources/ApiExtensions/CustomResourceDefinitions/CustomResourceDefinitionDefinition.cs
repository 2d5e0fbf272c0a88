using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Validation;
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
        Uses(new CustomResourceDefinitionStrategy(TimeProvider.System));
        WithStatus();
        AllowsUnconditionalUpdate = false;
    }

    // Schemas are JSON that has a meaning where the models have none, so they are judged as JSON.
    public override void Validate(JsonObject next, StoredObject? current, string subresource, FieldErrors errors, IList<string> warnings)
    {
        if (subresource.Length == 0)
        {
            CustomResourceDefinitionRules.Check(next, current?.Node, errors);
        }
    }
}
