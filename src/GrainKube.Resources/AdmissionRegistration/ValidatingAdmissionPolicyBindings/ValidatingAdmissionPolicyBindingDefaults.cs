using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.AdmissionRegistration.ValidatingAdmissionPolicyBindings;

internal sealed class ValidatingAdmissionPolicyBindingDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        if (item.Object("spec").Object("matchResources") is { } match)
        {
            MatchDefaults.Apply(match);
        }
    }
}
