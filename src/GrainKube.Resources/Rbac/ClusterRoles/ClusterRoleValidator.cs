using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Rbac.ClusterRoles;

internal sealed class ClusterRoleValidator : IValidator<V1ClusterRole>
{
    public void Validate(V1ClusterRole item, FieldErrors errors) => RoleRules.Check(item.Rules, isNamespaced: false, errors.At("rules"));
}
