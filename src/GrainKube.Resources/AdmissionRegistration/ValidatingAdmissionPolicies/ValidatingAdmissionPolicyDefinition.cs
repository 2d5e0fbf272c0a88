using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.ValidatingAdmissionPolicies;

internal sealed class ValidatingAdmissionPolicyDefinition : BuiltInDefinition<V1ValidatingAdmissionPolicy>
{
    public ValidatingAdmissionPolicyDefinition()
        : base(ResourceNames.ClusterWide("admissionregistration.k8s.io", "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy")
            with { Categories = ["api-extensions"] })
    {
        Uses(new ValidatingAdmissionPolicyColumns());
        Uses(new ValidatingAdmissionPolicyDefaults());
        Uses(new ValidatingAdmissionPolicyValidator());
        WithStatus();
        KeptByStatus = AllMetadata;
        AllowsUnconditionalUpdate = false;
    }
}
