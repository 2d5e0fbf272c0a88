using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.MutatingAdmissionPolicyBindings;

internal sealed class MutatingAdmissionPolicyBindingDefinition : BuiltInDefinition<V1MutatingAdmissionPolicyBinding>
{
    public MutatingAdmissionPolicyBindingDefinition()
        : base(ResourceNames.ClusterWide("admissionregistration.k8s.io", "v1", "mutatingadmissionpolicybindings", "MutatingAdmissionPolicyBinding")
            with { Categories = ["api-extensions"] })
    {
        Uses(new MutatingAdmissionPolicyBindingColumns());
        Uses(new MutatingAdmissionPolicyBindingDefaults());
        Uses(new MutatingAdmissionPolicyBindingValidator());
        HasGeneration = true;
        AllowsUnconditionalUpdate = false;
    }
}
