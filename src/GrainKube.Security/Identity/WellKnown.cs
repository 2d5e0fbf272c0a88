namespace GrainKube.Security.Identity;

/// <summary>Names of users and groups that have a meaning of their own.</summary>
public static class WellKnown
{
    /// <summary>Members may do everything, whatever RBAC says.</summary>
    public const string Masters = "system:masters";
    public const string Authenticated = "system:authenticated";
    public const string Unauthenticated = "system:unauthenticated";
    public const string Anonymous = "system:anonymous";
    public const string Nodes = "system:nodes";
    public const string NodeUserPrefix = "system:node:";
    public const string ServiceAccounts = "system:serviceaccounts";
    public const string ServiceAccountUserPrefix = "system:serviceaccount:";

    /// <summary>The user name of a service account.</summary>
    public static string ServiceAccountUser(string ns, string name) => $"{ServiceAccountUserPrefix}{ns}:{name}";

    /// <summary>The groups every service account of a namespace is in, without <see cref="Authenticated"/>.</summary>
    public static IReadOnlyList<string> ServiceAccountGroups(string ns) => [ServiceAccounts, $"{ServiceAccounts}:{ns}"];

    /// <summary>Reads what <see cref="ServiceAccountUser"/> wrote.</summary>
    public static bool TryParseServiceAccount(string userName, out string ns, out string name)
    {
        (ns, name) = ("", "");
        if (!userName.StartsWith(ServiceAccountUserPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        var colon = userName.IndexOf(':', ServiceAccountUserPrefix.Length);
        if (colon <= ServiceAccountUserPrefix.Length || colon == userName.Length - 1 || userName.IndexOf(':', colon + 1) >= 0)
        {
            return false;
        }

        (ns, name) = (userName[ServiceAccountUserPrefix.Length..colon], userName[(colon + 1)..]);
        return true;
    }
}
