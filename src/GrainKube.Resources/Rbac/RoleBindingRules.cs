using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Rbac;

/// <summary>Rules for who is given which role.</summary>
internal static class RoleBindingRules
{
    private const string Group = "rbac.authorization.k8s.io";

    /// <param name="role">The role that is given.</param>
    /// <param name="subjects">Whom it is given to.</param>
    /// <param name="kinds">What kinds of role may be given.</param>
    /// <param name="isNamespaced">In a namespace a service account's own namespace may be left out.</param>
    /// <param name="errors">The root of the binding.</param>
    public static void Check(V1RoleRef? role, IList<Rbacv1Subject>? subjects, string[] kinds, bool isNamespaced, FieldErrors errors)
    {
        var place = errors.At("roleRef");
        place.At("apiGroup").OneOf(role?.ApiGroup ?? "", Group);
        place.At("kind").OneOf(role?.Kind ?? "", kinds);
        place.At("name").RequiredName(role?.Name, NameRules.PathSegment);
        for (var i = 0; i < subjects?.Count; i++)
        {
            Subject(subjects[i], isNamespaced, errors.At("subjects").At(i));
        }
    }

    public static void RoleStays(V1RoleRef? next, V1RoleRef? current, FieldErrors errors)
    {
        if ((next?.ApiGroup, next?.Kind, next?.Name) != (current?.ApiGroup, current?.Kind, current?.Name))
        {
            errors.At("roleRef").Invalid(next, "cannot change roleRef");
        }
    }

    private static void Subject(Rbacv1Subject subject, bool isNamespaced, FieldErrors errors)
    {
        var (name, group) = (subject.Name ?? "", subject.ApiGroup ?? "");
        errors.At("name").MustBeSet(name);
        switch (subject.Kind)
        {
            case "ServiceAccount":
                if (name.Length > 0)
                {
                    errors.At("name").Report(name, NameRules.DnsSubdomain(name));
                }

                errors.At("apiGroup").OneOf(group, "");
                if (!isNamespaced)
                {
                    errors.At("namespace").MustBeSet(subject.NamespaceProperty);
                }

                break;
            case "User" or "Group":
                errors.At("apiGroup").OneOf(group, Group);
                break;
            default:
                errors.At("kind").NotSupported(subject.Kind ?? "", "ServiceAccount", "User", "Group");
                break;
        }
    }
}
