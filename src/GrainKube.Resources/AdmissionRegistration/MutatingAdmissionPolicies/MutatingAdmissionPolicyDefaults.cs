using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.AdmissionRegistration.MutatingAdmissionPolicies;

internal sealed class MutatingAdmissionPolicyDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        spec.DefaultAbsentTo("failurePolicy", "Fail");
        if (spec.Object("matchConstraints") is { } match)
        {
            MatchDefaults.Apply(match);
        }
    }
}
