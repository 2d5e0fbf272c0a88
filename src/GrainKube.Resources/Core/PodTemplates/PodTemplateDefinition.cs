using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.PodTemplates;

internal sealed class PodTemplateDefinition : BuiltInDefinition<V1PodTemplate>
{
    public PodTemplateDefinition()
        : base(ResourceNames.InNamespace("", "v1", "podtemplates", "PodTemplate"))
    {
        Uses(new PodTemplateColumns());
        Uses(new PodTemplateDefaults());
        Uses(new PodTemplateValidator());
        ReturnsDeletedObject = true;
        HasGeneration = true;
    }
}
