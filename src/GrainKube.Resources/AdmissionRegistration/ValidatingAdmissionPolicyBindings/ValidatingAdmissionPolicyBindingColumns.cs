using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.ValidatingAdmissionPolicyBindings;

internal sealed class ValidatingAdmissionPolicyBindingColumns : KindColumns<V1ValidatingAdmissionPolicyBinding>
{
    public ValidatingAdmissionPolicyBindingColumns()
    {
        Name();
        Text("PolicyName", item => item.Spec?.PolicyName, "PolicyName indicates the policy definition which the policy binding binded to");
        Text("ParamRef", Parameters, "ParamRef indicates the param resource which sets the configuration param");
        Age();
    }

    private static string Parameters(V1ValidatingAdmissionPolicyBinding item) => item.Spec?.ParamRef switch
    {
        { Name.Length: > 0 } named => $"{(string.IsNullOrEmpty(named.NamespaceProperty) ? "*" : named.NamespaceProperty)}/{named.Name}",
        { Selector: { } selector } => CellTexts.Selector(selector),
        _ => "<unset>",
    };
}
