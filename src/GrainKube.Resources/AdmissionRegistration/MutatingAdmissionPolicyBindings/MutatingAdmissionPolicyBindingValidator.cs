using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.AdmissionRegistration.Policies;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.MutatingAdmissionPolicyBindings;

internal sealed class MutatingAdmissionPolicyBindingValidator : IValidator<V1MutatingAdmissionPolicyBinding>
{
    public void Validate(V1MutatingAdmissionPolicyBinding item, FieldErrors errors)
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
    }
}
