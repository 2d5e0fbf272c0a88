using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Requests;
using k8s.Models;

namespace GrainKube.ApiServer.FlowControl;

/// <summary>Which requests a FlowSchema is about. Called for every request with a dozen schemas, so it makes nothing.</summary>
internal static class FlowRules
{
    private const string All = "*";
    private const string AccountPrefix = "system:serviceaccount:";

    public static bool Match(IList<V1PolicyRulesWithSubjects>? rules, UserInfo user, RequestInfo request)
    {
        for (var i = 0; i < (rules?.Count ?? 0); i++)
        {
            if (MatchSubjects(rules![i].Subjects, user) && (request.IsResourceRequest ? MatchResources(rules[i].ResourceRules, request) : MatchPaths(rules[i].NonResourceRules, request)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MatchSubjects(IList<Flowcontrolv1Subject>? subjects, UserInfo user)
    {
        for (var i = 0; i < (subjects?.Count ?? 0); i++)
        {
            var subject = subjects![i];
            if (subject.Kind switch
            {
                "User" => subject.User is { } named && (named.Name == All || named.Name == user.Name),
                "Group" => subject.Group is { } group && (group.Name == All || Has(user.Groups, group.Name)),
                "ServiceAccount" => subject.ServiceAccount is { } account && IsAccount(user.Name, account),
                _ => false,
            })
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAccount(string user, V1ServiceAccountSubject account)
    {
        var ns = account.NamespaceProperty;
        return user.StartsWith(AccountPrefix, StringComparison.Ordinal)
            && user.AsSpan(AccountPrefix.Length).StartsWith(ns, StringComparison.Ordinal)
            && user.Length > AccountPrefix.Length + ns.Length
            && user[AccountPrefix.Length + ns.Length] == ':'
            && (account.Name == All || user.AsSpan(AccountPrefix.Length + ns.Length + 1).SequenceEqual(account.Name));
    }

    private static bool MatchResources(IList<V1ResourcePolicyRule>? rules, RequestInfo request)
    {
        for (var i = 0; i < (rules?.Count ?? 0); i++)
        {
            var rule = rules![i];
            if (Names(rule.Verbs, request.Verb) && NamesResource(rule.Resources, request) && Names(rule.ApiGroups, request.ApiGroup)
                && (request.Namespace.Length == 0 ? rule.ClusterScope == true : Names(rule.Namespaces, request.Namespace)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool NamesResource(IList<string>? resources, RequestInfo request)
    {
        if (resources is [All])
        {
            return true;
        }

        for (var i = 0; i < (resources?.Count ?? 0); i++)
        {
            var named = resources![i].AsSpan();
            if (request.Subresource.Length == 0
                ? named.SequenceEqual(request.Resource)
                : named.Length == request.Resource.Length + 1 + request.Subresource.Length && named.StartsWith(request.Resource) && named[request.Resource.Length] == '/' && named.EndsWith(request.Subresource))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MatchPaths(IList<V1NonResourcePolicyRule>? rules, RequestInfo request)
    {
        for (var i = 0; i < (rules?.Count ?? 0); i++)
        {
            if (!Names(rules![i].Verbs, request.Verb))
            {
                continue;
            }

            var paths = rules[i].NonResourceURLs;
            for (var p = 0; p < (paths?.Count ?? 0); p++)
            {
                if (paths![p] == All || IsAtOrBelow(request.Path, paths[p].AsSpan().TrimEnd('*')) || paths[p] == request.Path)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsAtOrBelow(string path, ReadOnlySpan<char> prefix) =>
        path.AsSpan().StartsWith(prefix) && (prefix.EndsWith("/") || (path.Length > prefix.Length && path[prefix.Length] == '/'));

    private static bool Names(IList<string>? list, string value) => list is [All] || (list is not null && list.Contains(value));

    private static bool Has(IReadOnlyList<string> groups, string group)
    {
        for (var i = 0; i < groups.Count; i++)
        {
            if (groups[i] == group)
            {
                return true;
            }
        }

        return false;
    }
}
