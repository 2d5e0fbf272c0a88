using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.MutatingAdmissionPolicies;

internal sealed class MutatingAdmissionPolicyColumns : KindColumns<V1MutatingAdmissionPolicy>
{
    public MutatingAdmissionPolicyColumns()
    {
        Name();
        Number("Mutations", item => item.Spec?.Mutations?.Count, "Mutations indicates the number of rules defined in this configuration");
        Text(
            "ParamKind",
            item => item.Spec?.ParamKind is { } kind ? $"{kind.ApiVersion}/{kind.Kind}" : "<unset>",
            "ParamKind specifies the kind of resources used to parameterize this policy");
        Age();
    }
}
