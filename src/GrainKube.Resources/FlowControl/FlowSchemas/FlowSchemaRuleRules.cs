using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.FlowControl.FlowSchemas;

/// <summary>Whose requests a flow schema is about, and which of them.</summary>
internal static class FlowSchemaRuleRules
{
    private const string All = "*";
    private static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];

    public static void Check(V1PolicyRulesWithSubjects rule, FieldErrors errors)
    {
        if (rule.Subjects is not { Count: > 0 } subjects)
        {
            errors.At("subjects").Required("subjects must contain at least one value");
        }
        else
        {
            for (var i = 0; i < subjects.Count; i++)
            {
                Subject(subjects[i], errors.At("subjects").At(i));
            }
        }

        if (rule.ResourceRules is not { Count: > 0 } && rule.NonResourceRules is not { Count: > 0 })
        {
            errors.Required("at least one of resourceRules and nonResourceRules has to be non-empty");
        }

        for (var i = 0; i < rule.ResourceRules?.Count; i++)
        {
            Resources(rule.ResourceRules[i], errors.At("resourceRules").At(i));
        }

        for (var i = 0; i < rule.NonResourceRules?.Count; i++)
        {
            var (paths, place) = (rule.NonResourceRules[i], errors.At("nonResourceRules").At(i));
            OfVerbs(paths.Verbs ?? [], place.At("verbs"));
            Paths(paths.NonResourceURLs ?? [], place.At("nonResourceURLs"));
        }
    }

    private static void Subject(Flowcontrolv1Subject subject, FieldErrors errors)
    {
        switch (subject.Kind)
        {
            case "ServiceAccount" when subject.ServiceAccount is null:
                errors.At("serviceAccount").Required("serviceAccount is required when subject kind is 'ServiceAccount'");
                break;
            case "ServiceAccount":
                Account(subject.ServiceAccount, errors.At("serviceAccount"));
                break;
            case "User" when subject.User is null:
                errors.At("user").Required("user is required when subject kind is 'User'");
                break;
            case "User":
                errors.At("user").At("name").MustBeSet(subject.User.Name);
                break;
            case "Group" when subject.Group is null:
                errors.At("group").Required("group is required when subject kind is 'Group'");
                break;
            case "Group":
                errors.At("group").At("name").MustBeSet(subject.Group.Name);
                break;
            default:
                errors.At("kind").NotSupported(subject.Kind ?? "", "Group", "ServiceAccount", "User");
                return;
        }

        Only("ServiceAccount", "serviceAccount", subject.ServiceAccount);
        Only("User", "user", subject.User);
        Only("Group", "group", subject.Group);

        void Only(string kind, string field, object? value)
        {
            if (value is not null && subject.Kind != kind)
            {
                errors.At(field).Forbidden($"{field} is forbidden when subject kind is not '{kind}'");
            }
        }
    }

    private static void Account(V1ServiceAccountSubject account, FieldErrors errors)
    {
        errors.At("name").MustBeSet(account.Name);
        if (account.Name is { Length: > 0 } name && name != All)
        {
            errors.At("name").Report(name, NameRules.DnsSubdomain(name));
        }

        errors.At("namespace").MustBeSet(account.NamespaceProperty, "must specify namespace for service account");
        if (account.NamespaceProperty is { Length: > 0 } ns)
        {
            errors.At("namespace").Report(ns, NameRules.DnsLabel(ns));
        }
    }

    private static void Resources(V1ResourcePolicyRule rule, FieldErrors errors)
    {
        OfVerbs(rule.Verbs ?? [], errors.At("verbs"));
        AllOrSome(rule.ApiGroups ?? [], "api group", errors.At("apiGroups"));
        AllOrSome(rule.Resources ?? [], "resource", errors.At("resources"));
        var (namespaces, place) = (rule.Namespaces ?? [], errors.At("namespaces"));
        if (namespaces.Count == 0 && rule.ClusterScope != true)
        {
            place.Required("resource rules that are not cluster scoped must supply at least one namespace");
        }
        else if (namespaces.Contains(All))
        {
            Alone(namespaces, "namespaces", place);
        }
        else
        {
            for (var i = 0; i < namespaces.Count; i++)
            {
                place.At(i).Report(namespaces[i], [.. NameRules.DnsLabel(namespaces[i]).Select(m => "each member of this list must be '*' or a DNS-1123 label; " + m)]);
            }
        }
    }

    private static void AllOrSome(IList<string> names, string what, FieldErrors errors)
    {
        if (names.Count == 0)
        {
            errors.Required($"resource rules must supply at least one {what}");
        }
        else if (names.Contains(All))
        {
            Alone(names, what + "s", errors);
        }
    }

    private static void Alone(IList<string> names, string what, FieldErrors errors)
    {
        if (names.Count > 1)
        {
            errors.Invalid(names, $"if '*' is present, must not specify other {what}");
        }
    }

    private static void OfVerbs(IList<string> verbs, FieldErrors errors)
    {
        if (verbs.Count == 0)
        {
            errors.Required("verbs must contain at least one value");
        }
        else if (verbs.Contains(All))
        {
            Alone(verbs, "verbs", errors);
        }
        else if (verbs.Except(Verbs).Any())
        {
            errors.NotSupported(verbs, Verbs);
        }
    }

    private static void Paths(IList<string> paths, FieldErrors errors)
    {
        if (paths.Count == 0)
        {
            errors.Required("nonResourceURLs must contain at least one value");
        }
        else if (paths.Contains(All))
        {
            Alone(paths, "non-resource URLs", errors);
        }
        else
        {
            for (var i = 0; i < paths.Count; i++)
            {
                if (ProblemOf(paths[i]) is { } problem)
                {
                    errors.At(i).Invalid(paths[i], problem);
                }
            }
        }
    }

    private static string? ProblemOf(string path) =>
        path.Length == 0 ? "must not be empty"
        : path == "/" ? null
        : path[0] != '/' ? "must start with slash"
        : path.Contains(' ') ? "must not contain white-space"
        : path.Contains("//", StringComparison.Ordinal) ? "must not contain double slash"
        : path.Count(c => c == '*') is var stars && (stars > 1 || (stars == 1 && !path.EndsWith("/*", StringComparison.Ordinal))) ? "wildcard can only do suffix matching"
        : null;
}
