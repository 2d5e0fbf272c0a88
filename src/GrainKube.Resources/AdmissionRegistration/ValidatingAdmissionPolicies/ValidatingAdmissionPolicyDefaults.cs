using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.AdmissionRegistration.ValidatingAdmissionPolicies;

internal sealed class ValidatingAdmissionPolicyDefaults : IDefaults
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
