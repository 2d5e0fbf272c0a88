using System.Text.Json.Nodes;

namespace GrainKube.Networking.Addresses;

/// <summary>The families of addresses that a service is to have, of those that the cluster has.</summary>
internal static class ServiceFamilies
{
    /// <summary>Completes <c>ipFamilies</c>: a second family where the policy asks for both stacks.</summary>
    /// <param name="spec">The service's, with at least one family.</param>
    /// <param name="configured">The cluster's families.</param>
    /// <param name="allocation">Words for what cannot be.</param>
    /// <returns>The service's families.</returns>
    public static List<string> Fill(JsonObject spec, IReadOnlyList<string> configured, Allocation allocation)
    {
        var families = spec.Texts("ipFamilies");
        if (families.Count == 0)
        {
            families.Add(configured.Count > 0 ? configured[0] : "IPv4");
        }

        var policy = spec.Text("ipFamilyPolicy");
        if (configured.Count > 0)
        {
            if (policy == "RequireDualStack" && configured.Count < 2)
            {
                throw allocation.Invalid(errors => errors.At("ipFamilyPolicy").Invalid(policy, "this cluster is not configured for dual-stack services"));
            }

            if (families.FindIndex(f => !configured.Contains(f)) is >= 0 and { } unknown)
            {
                throw allocation.Invalid(errors => errors.At("ipFamilies").At(unknown).Invalid(families[unknown], "not configured on this cluster"));
            }
        }

        if (families.Count == 1 && configured.Count == 2 && policy is "PreferDualStack" or "RequireDualStack")
        {
            families.Add(configured.First(f => f != families[0]));
        }

        spec["ipFamilies"] = new JsonArray([.. families.Select(f => (JsonNode)f)]);
        return families;
    }
}
