using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Rbac.ClusterRoleBindings;

internal sealed class ClusterRoleBindingColumns : KindColumns<V1ClusterRoleBinding>
{
    public ClusterRoleBindingColumns()
    {
        Name();
        Text("Role", item => $"{item.RoleRef?.Kind}/{item.RoleRef?.Name}", "The role that is granted.");
        Age();
        WideText("Users", item => Subjects.Users(item.Subjects), "Users in the clusterRoleBinding");
        WideText("Groups", item => Subjects.Groups(item.Subjects), "Groups in the clusterRoleBinding");
        WideText("ServiceAccounts", item => Subjects.ServiceAccounts(item.Subjects), "ServiceAccounts in the clusterRoleBinding");
    }
}
