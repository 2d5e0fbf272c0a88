using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Rbac.ClusterRoles;

internal sealed class ClusterRoleValidator : IValidator<V1ClusterRole>
{
    public void Validate(V1ClusterRole item, FieldErrors errors)
    {
        RoleRules.Check(item.Rules, isNamespaced: false, errors.At("rules"));
        if (item.AggregationRule is not { } rule)
        {
            return;
        }

        var selectors = errors.At("aggregationRule").At("clusterRoleSelectors");
        if (rule.ClusterRoleSelectors is not { Count: > 0 })
        {
            selectors.Required("at least one clusterRoleSelector required if aggregationRule is non-nil");
        }

        for (var i = 0; i < rule.ClusterRoleSelectors?.Count; i++)
        {
            LabelSelectorRules.Check(rule.ClusterRoleSelectors[i], selectors.At(i));
        }
    }
}
