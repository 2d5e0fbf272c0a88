namespace GrainKube.ApiServer.OpenApi;

/// <summary>Names of operations as generated clients expect them: <c>patchAppsV1NamespacedDeploymentStatus</c>.</summary>
internal static class OperationNames
{
    public static string Of(ServedKind kind, string action, string subresource, bool everywhere)
    {
        var verb = action switch
        {
            "get" => "read",
            "post" => "create",
            "put" => "replace",
            "deletecollection" => "deleteCollection",
            _ => action,
        };
        var group = string.Concat(GroupTag(kind.Group).Split('_').Select(Title));
        var scope = kind.Definition.Names.Namespaced && !everywhere ? "Namespaced" : "";
        return $"{verb}{(group.Length == 0 ? "Core" : group)}{Title(kind.Version.Version)}{scope}{kind.Kind}{Title(subresource)}{(everywhere ? "ForAllNamespaces" : "")}";
    }

    /// <summary><c>rbac.authorization.k8s.io</c> is <c>rbacAuthorization</c>.</summary>
    public static string GroupTag(string group)
    {
        var parts = (group.EndsWith(".k8s.io", StringComparison.Ordinal) ? group[..^7] : group).Split('.');
        return parts[0] + string.Concat(parts.Skip(1).Select(Title));
    }

    private static string Title(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..];
}
