using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.AdmissionRegistration.Policies;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.ValidatingAdmissionPolicyBindings;

internal sealed class ValidatingAdmissionPolicyBindingValidator : IValidator<V1ValidatingAdmissionPolicyBinding>
{
    public void Validate(V1ValidatingAdmissionPolicyBinding item, FieldErrors errors)
    {
        var spec = errors.At("spec");
        spec.At("policyName").RequiredName(item.Spec.PolicyName, NameRules.DnsSubdomain);
        if (item.Spec.ParamRef is { } reference)
        {
            PolicyRules.ParamRef(reference, spec.At("paramRef"));
        }

        if (item.Spec.MatchResources is { } match)
        {
            PolicyRules.Match(match, spec.At("matchResources"));
        }

        Actions(item.Spec.ValidationActions ?? [], spec.At("validationActions"));
    }

    private static void Actions(IList<string> actions, FieldErrors errors)
    {
        HashSet<string> seen = [];
        for (var i = 0; i < actions.Count; i++)
        {
            errors.At(i).OneOf(actions[i], "Audit", "Deny", "Warn");
            if (!seen.Add(actions[i]))
            {
                errors.At(i).Duplicate(actions[i]);
            }
        }

        if (seen.Contains("Deny") && seen.Contains("Warn"))
        {
            errors.Invalid(actions, "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)");
        }

        if (actions.Count == 0)
        {
            errors.Required("at least one validation action is required");
        }
    }
}
