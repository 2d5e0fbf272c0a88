using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.ApiExtensions.CustomResourceDefinitions;

internal sealed class CustomResourceDefinitionColumns : KindColumns<V1CustomResourceDefinition>
{
    public CustomResourceDefinitionColumns()
    {
        Name();
        CreatedAt();
    }
}
