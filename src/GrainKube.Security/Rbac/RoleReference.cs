using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Security.Rbac;

/// <summary>The role that a binding grants.</summary>
/// <param name="Kind"><c>Role</c> or <c>ClusterRole</c>.</param>
/// <param name="Name">Name of the role; a Role is looked up in the binding's namespace.</param>
public readonly record struct RoleReference(string Kind, string Name)
{
    public const string Group = "rbac.authorization.k8s.io";

    public static readonly GroupResource Roles = new(Group, "roles");
    public static readonly GroupResource ClusterRoles = new(Group, "clusterroles");
    public static readonly GroupResource RoleBindings = new(Group, "rolebindings");
    public static readonly GroupResource ClusterRoleBindings = new(Group, "clusterrolebindings");

    public bool IsClusterRole => Kind == "ClusterRole";

    public GroupResource Resource => IsClusterRole ? ClusterRoles : Roles;
}
