using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.MutatingAdmissionPolicyBindings;

internal sealed class MutatingAdmissionPolicyBindingColumns : KindColumns<V1MutatingAdmissionPolicyBinding>
{
    public MutatingAdmissionPolicyBindingColumns()
    {
        Name();
        Text("PolicyName", item => item.Spec?.PolicyName, "PolicyName indicates the policy definition which the policy binding binded to");
        Text("ParamRef", Parameters, "ParamRef indicates the param resource which sets the configuration param");
        Age();
    }

    private static string Parameters(V1MutatingAdmissionPolicyBinding item) => item.Spec?.ParamRef switch
    {
        { Name.Length: > 0 } named => $"{(string.IsNullOrEmpty(named.NamespaceProperty) ? "*" : named.NamespaceProperty)}/{named.Name}",
        { Selector: { } selector } => CellTexts.Selector(selector),
        _ => "<unset>",
    };
}
