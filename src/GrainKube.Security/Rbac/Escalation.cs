using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;

namespace GrainKube.Security.Rbac;

/// <summary>Nobody hands out more than he holds.</summary>
public static class Escalation
{
    /// <summary>Null where <paramref name="user"/> holds all of <paramref name="wanted"/> in that namespace; otherwise upstream's message.</summary>
    public static string? Check(RbacIndex index, UserInfo user, string ns, IReadOnlyList<PolicyRule> wanted)
    {
        var held = index.RulesOf(user, ns, out var errors);
        var missing = RuleCoverage.Missing(held, wanted);
        if (missing.Count == 0)
        {
            return null;
        }

        var lines = missing.Select(rule => rule.ToString()).Distinct().Order(StringComparer.Ordinal);
        var message = $"user {GoQuote.Of(user.Name)} (groups={GoQuote.Of(user.Groups)}) is attempting to grant RBAC permissions not currently held:\n{string.Join('\n', lines)}";
        return errors.Count == 0 ? message : $"{message}; resolution errors: [{string.Join(", ", errors)}]";
    }
}
