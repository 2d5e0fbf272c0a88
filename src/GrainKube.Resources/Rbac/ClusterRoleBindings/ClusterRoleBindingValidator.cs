using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Rbac.ClusterRoleBindings;

internal sealed class ClusterRoleBindingValidator : IValidator<V1ClusterRoleBinding>
{
    private static readonly string[] Kinds = ["ClusterRole"];

    public void Validate(V1ClusterRoleBinding item, FieldErrors errors) => RoleBindingRules.Check(item.RoleRef, item.Subjects, Kinds, isNamespaced: false, errors);

    public void ValidateUpdate(V1ClusterRoleBinding next, V1ClusterRoleBinding current, FieldErrors errors)
    {
        Validate(next, errors);
        RoleBindingRules.RoleStays(next.RoleRef, current.RoleRef, errors);
    }
}
