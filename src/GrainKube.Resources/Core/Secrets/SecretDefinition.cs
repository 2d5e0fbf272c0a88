using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.Secrets;

internal sealed class SecretDefinition : BuiltInDefinition<V1Secret>
{
    public SecretDefinition()
        : base(ResourceNames.InNamespace("", "v1", "secrets", "Secret"))
    {
        Uses(new SecretColumns());
        Uses(new SecretDefaults());
        Uses(new SecretValidator());
        Selects("type");
    }
}
