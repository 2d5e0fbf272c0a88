using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Rbac.Roles;

internal sealed class RoleValidator : IValidator<V1Role>
{
    public void Validate(V1Role item, FieldErrors errors) => RoleRules.Check(item.Rules, isNamespaced: true, errors.At("rules"));
}
