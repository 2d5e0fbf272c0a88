using k8s.Models;

namespace GrainKube.Resources.Rbac;

/// <summary>The subjects of a binding, by their kind, as cells show them.</summary>
internal static class Subjects
{
    public static string Users(IList<Rbacv1Subject>? subjects) => Names(subjects, "User");

    public static string Groups(IList<Rbacv1Subject>? subjects) => Names(subjects, "Group");

    public static string ServiceAccounts(IList<Rbacv1Subject>? subjects) => string.Join(
        ", ", (subjects ?? []).Where(s => s.Kind == "ServiceAccount").Select(s => $"{s.NamespaceProperty}/{s.Name}"));

    private static string Names(IList<Rbacv1Subject>? subjects, string kind) =>
        string.Join(", ", (subjects ?? []).Where(s => s.Kind == kind).Select(s => s.Name));
}
