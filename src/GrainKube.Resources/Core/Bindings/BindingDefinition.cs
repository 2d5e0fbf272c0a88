using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.Bindings;

/// <summary>The old way to bind a pod, by posting to the namespace; <c>pods/binding</c> is the one in use.</summary>
internal sealed class BindingDefinition : BuiltInDefinition<V1Binding>
{
    public BindingDefinition()
        : base(ResourceNames.InNamespace("", "v1", "bindings", "Binding"))
    {
        Uses(new BindingColumns());
        AsksOnly();
    }
}
