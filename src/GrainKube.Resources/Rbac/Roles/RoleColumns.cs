using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Rbac.Roles;

internal sealed class RoleColumns : KindColumns<V1Role>
{
    public RoleColumns()
    {
        Name();
        CreatedAt();
    }
}
