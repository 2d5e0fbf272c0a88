using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.AdmissionRegistration.MutatingAdmissionPolicyBindings;

internal sealed class MutatingAdmissionPolicyBindingDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        if (item.Object("spec").Object("matchResources") is { } match)
        {
            MatchDefaults.Apply(match);
        }
    }
}
