using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Rbac.Roles;

internal sealed class RoleDefinition : BuiltInDefinition<V1Role>
{
    public RoleDefinition()
        : base(ResourceNames.InNamespace("rbac.authorization.k8s.io", "v1", "roles", "Role"))
    {
        Uses(new RoleColumns());
        Uses(new RoleValidator());
        CreatesOnUpdate = true;
        NameFormat = NameFormat.PathSegment;
    }
}
