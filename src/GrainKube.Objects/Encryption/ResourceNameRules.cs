using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Objects.Encryption;

/// <summary>What upstream has against names of resources in an EncryptionConfiguration (<c>validation_encryption.go</c>).</summary>
internal static class ResourceNameRules
{
    public static void Check(IReadOnlyList<string> names, FieldErrors errors)
    {
        CheckOverlap(names, errors);
        for (var i = 0; i < names.Count; i++)
        {
            if (Problem(names[i]) is { } problem)
            {
                errors.At(i).Invalid(names[i], problem);
            }
        }
    }

    /// <summary>A rule whose resource an earlier one with a wildcard has already taken would never be asked.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Masked(IEnumerable<EncryptionRule> rules)
    {
        HashSet<ResourcePattern> earlier = [];
        foreach (var pattern in rules.SelectMany(rule => rule.Resources))
        {
            foreach (var wide in (ResourcePattern[])[new("*", pattern.Group), new("*", "*")])
            {
                if (earlier.Contains(wide))
                {
                    return $"resource \"{pattern}\" is masked by earlier rule \"{wide}\"";
                }
            }

            earlier.Add(pattern);
        }

        return null;
    }

    private static string? Problem(string name)
    {
        var pattern = ResourcePattern.Parse(name);
        return name.Any(char.IsUpper) ? "resource name should not contain capital letters"
            : name == "*" ? "use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources"
            : name is "apiserveripinfo" or "serviceipallocations" or "servicenodeportallocations" ? "resources which do not have REST API/s cannot be encrypted"
            : pattern.Group == "events.k8s.io" ? "'*.events.k8s.io' objects are stored using the 'events' API group in etcd. Use 'events' instead in the config file"
            : pattern.Group == "extensions" ? "'extensions' group has been removed and cannot be used for encryption"
            : pattern is { Group: "*", Resource: not "*" } ? "encrypting the same resource across groups is not supported"
            : null;
    }

    private static void CheckOverlap(IReadOnlyList<string> names, FieldErrors errors)
    {
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count)
        {
            errors.Invalid(names, "the same resource cannot be specified multiple times");
        }

        var patterns = names.Distinct(StringComparer.Ordinal).Select(ResourcePattern.Parse).ToList();
        if (patterns.Count > 1 && (patterns.Exists(p => p is { Group: "*", Resource: "*" }) || patterns.GroupBy(p => p.Group).Any(g => g.Count() > 1 && g.Any(p => p.Resource == "*"))))
        {
            errors.Invalid(names, "using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked");
        }
    }
}
