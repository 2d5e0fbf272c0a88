using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.ValidatingAdmissionPolicyBindings;

internal sealed class ValidatingAdmissionPolicyBindingDefinition : BuiltInDefinition<V1ValidatingAdmissionPolicyBinding>
{
    public ValidatingAdmissionPolicyBindingDefinition()
        : base(ResourceNames.ClusterWide("admissionregistration.k8s.io", "v1", "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding")
            with { Categories = ["api-extensions"] })
    {
        Uses(new ValidatingAdmissionPolicyBindingColumns());
        Uses(new ValidatingAdmissionPolicyBindingDefaults());
        Uses(new ValidatingAdmissionPolicyBindingValidator());
        HasGeneration = true;
        AllowsUnconditionalUpdate = false;
    }
}
