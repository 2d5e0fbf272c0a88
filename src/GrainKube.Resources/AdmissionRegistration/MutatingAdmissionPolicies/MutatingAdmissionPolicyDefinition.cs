using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.MutatingAdmissionPolicies;

internal sealed class MutatingAdmissionPolicyDefinition : BuiltInDefinition<V1MutatingAdmissionPolicy>
{
    public MutatingAdmissionPolicyDefinition()
        : base(ResourceNames.ClusterWide("admissionregistration.k8s.io", "v1", "mutatingadmissionpolicies", "MutatingAdmissionPolicy")
            with { Categories = ["api-extensions"] })
    {
        Uses(new MutatingAdmissionPolicyColumns());
        Uses(new MutatingAdmissionPolicyDefaults());
        Uses(new MutatingAdmissionPolicyValidator());
        HasGeneration = true;
        AllowsUnconditionalUpdate = false;
    }
}
