using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Rbac.ClusterRoles;

internal sealed class ClusterRoleColumns : KindColumns<V1ClusterRole>
{
    public ClusterRoleColumns()
    {
        Name();
        CreatedAt();
    }
}
