namespace GrainKube.ApiServer.OpenApi;

/// <summary>Names of operations as generated clients expect them: <c>patchAppsV1NamespacedDeploymentStatus</c>.</summary>
internal static class OperationNames
{
    /// <param name="kind">The kind that the path serves.</param>
    /// <param name="action">As for <see cref="OperationWriter.Write"/>.</param>
    /// <param name="method">The HTTP method; it is in the names of connections.</param>
    /// <param name="rest">What stands behind the kind: a subresource, what is left of the path.</param>
    /// <param name="everywhere">The path names no namespace although the kind has them.</param>
    public static string Of(ServedKind kind, string action, string method, string rest, bool everywhere)
    {
        var (verb, infix) = action switch
        {
            "get" => ("read", ""),
            "post" => ("create", ""),
            "put" => ("replace", ""),
            "deletecollection" => ("delete", "Collection"),
            "connect" => ("connect", Title(method)),
            "watchlist" => ("watch", ""),
            _ => (action, ""),
        };
        var scope = kind.Definition.Names.Namespaced && !everywhere ? "Namespaced" : "";
        return $"{verb}{GroupAndVersion(kind.Group, kind.Version.Version)}{infix}{scope}{kind.Kind}{Title(rest)}{(action == "watchlist" ? "List" : "")}{(everywhere ? "ForAllNamespaces" : "")}";
    }

    /// <summary><c>AppsV1</c>, <c>CoreV1</c>.</summary>
    public static string GroupAndVersion(string group, string version) => Group(group) + Title(version);

    /// <summary><c>RbacAuthorization</c>, <c>Core</c>.</summary>
    public static string Group(string group) => group.Length == 0 ? "Core" : Title(GroupTag(group));

    /// <summary><c>rbac.authorization.k8s.io</c> is <c>rbacAuthorization</c>.</summary>
    public static string GroupTag(string group)
    {
        var parts = (group.EndsWith(".k8s.io", StringComparison.Ordinal) ? group[..^7] : group).Split('.');
        return parts[0] + string.Concat(parts.Skip(1).Select(Title));
    }

    private static string Title(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..];
}
