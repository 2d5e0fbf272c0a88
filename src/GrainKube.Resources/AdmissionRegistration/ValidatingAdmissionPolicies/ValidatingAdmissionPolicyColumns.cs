using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.ValidatingAdmissionPolicies;

internal sealed class ValidatingAdmissionPolicyColumns : KindColumns<V1ValidatingAdmissionPolicy>
{
    public ValidatingAdmissionPolicyColumns()
    {
        Name();
        Number("Validations", item => item.Spec?.Validations?.Count, "Validations indicates the number of rules defined in this configuration");
        Text(
            "ParamKind",
            item => item.Spec?.ParamKind is { } kind ? $"{kind.ApiVersion}/{kind.Kind}" : "<unset>",
            "ParamKind specifies the kind of resources used to parameterize this policy");
        Age();
    }
}
