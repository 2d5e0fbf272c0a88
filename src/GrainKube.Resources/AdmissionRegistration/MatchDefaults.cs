using System.Text.Json.Nodes;

namespace GrainKube.Resources.AdmissionRegistration;

/// <summary>Which requests a webhook or a policy is about, where that is not said: those of equivalent kinds too, of all objects in all namespaces.</summary>
internal static class MatchDefaults
{
    private static readonly string[] RuleLists = ["rules", "resourceRules", "excludeResourceRules"];

    public static void Apply(JsonObject match)
    {
        match.DefaultAbsentTo("matchPolicy", "Equivalent");
        match.Ensure("namespaceSelector");
        match.Ensure("objectSelector");
        foreach (var rule in RuleLists.SelectMany(list => match.Objects(list)))
        {
            rule.DefaultAbsentTo("scope", "*");
        }
    }
}
