using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Rbac.RoleBindings;

internal sealed class RoleBindingValidator : IValidator<V1RoleBinding>
{
    private static readonly string[] Kinds = ["Role", "ClusterRole"];

    public void Validate(V1RoleBinding item, FieldErrors errors) => RoleBindingRules.Check(item.RoleRef, item.Subjects, Kinds, isNamespaced: true, errors);

    public void ValidateUpdate(V1RoleBinding next, V1RoleBinding current, FieldErrors errors)
    {
        Validate(next, errors);
        RoleBindingRules.RoleStays(next.RoleRef, current.RoleRef, errors);
    }
}
