using System.Text.Json.Nodes;
using k8s.Models;

namespace GrainKube.Resources.Rbac;

/// <summary>The subjects of a binding: their defaults, and their names by kind as cells show them.</summary>
internal static class Subjects
{
    private const string Group = "rbac.authorization.k8s.io";

    /// <summary>Roles, users and groups belong to the RBAC group where no other is named.</summary>
    public static void Default(JsonObject binding)
    {
        binding.Ensure("roleRef").DefaultTo("apiGroup", Group);
        foreach (var subject in binding.Objects("subjects").Where(s => s.Text("kind") is "User" or "Group"))
        {
            subject.DefaultTo("apiGroup", Group);
        }
    }

    public static string Users(IList<Rbacv1Subject>? subjects) => Names(subjects, "User");

    public static string Groups(IList<Rbacv1Subject>? subjects) => Names(subjects, "Group");

    public static string ServiceAccounts(IList<Rbacv1Subject>? subjects) => string.Join(
        ", ", (subjects ?? []).Where(s => s.Kind == "ServiceAccount").Select(s => $"{s.NamespaceProperty}/{s.Name}"));

    private static string Names(IList<Rbacv1Subject>? subjects, string kind) =>
        string.Join(", ", (subjects ?? []).Where(s => s.Kind == kind).Select(s => s.Name));
}
