using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Rbac.RoleBindings;

internal sealed class RoleBindingColumns : KindColumns<V1RoleBinding>
{
    public RoleBindingColumns()
    {
        Name();
        Text("Role", item => $"{item.RoleRef?.Kind}/{item.RoleRef?.Name}", "The role that is granted.");
        Age();
        WideText("Users", item => Subjects.Users(item.Subjects), "Users in the roleBinding");
        WideText("Groups", item => Subjects.Groups(item.Subjects), "Groups in the roleBinding");
        WideText("ServiceAccounts", item => Subjects.ServiceAccounts(item.Subjects), "ServiceAccounts in the roleBinding");
    }
}
