using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Rbac.RoleBindings;

internal sealed class RoleBindingDefinition : BuiltInDefinition<V1RoleBinding>
{
    public RoleBindingDefinition()
        : base(ResourceNames.InNamespace("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding"))
    {
        Uses(new RoleBindingColumns());
        Uses(new RoleBindingValidator());
        Uses(new RoleBindingDefaults());
        CreatesOnUpdate = true;
        NameFormat = NameFormat.PathSegment;
    }
}
