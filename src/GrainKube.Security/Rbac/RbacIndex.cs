using System.Collections.Concurrent;
using System.Text.Json;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Security.Rbac;

/// <summary>Roles and bindings, arranged for decisions in microseconds, kept up object by object. Readers take no lock.</summary>
/// <remarks>Whoever feeds it hands over each change of the four RBAC kinds, in order for each object.</remarks>
public sealed class RbacIndex
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<(string Namespace, string Name), IReadOnlyList<PolicyRule>> roles = new();
    private readonly GrantTable grants = new();

    /// <summary>Takes in a new or changed object; other kinds than those of RBAC are ignored.</summary>
    public void Put(KubeObject item)
    {
        using var json = JsonDocument.Parse(item.Json);
        if (item.Key.GroupResource == RoleReference.Roles || item.Key.GroupResource == RoleReference.ClusterRoles)
        {
            roles[(item.Key.Namespace, item.Key.Name)] = PolicyRule.ListFrom(json.RootElement);
        }
        else if (item.Key.GroupResource == RoleReference.RoleBindings || item.Key.GroupResource == RoleReference.ClusterRoleBindings)
        {
            PutBinding(item.Key, json.RootElement);
        }
    }

    /// <summary>Forgets a deleted object.</summary>
    public void Remove(ObjectKey key)
    {
        if (key.GroupResource == RoleReference.Roles || key.GroupResource == RoleReference.ClusterRoles)
        {
            roles.TryRemove((key.Namespace, key.Name), out _);
        }
        else if (key.GroupResource == RoleReference.RoleBindings || key.GroupResource == RoleReference.ClusterRoleBindings)
        {
            lock (gate)
            {
                grants.Remove(key.Namespace, key.Name);
            }
        }
    }

    /// <summary>Decides a request by the roles alone; nobody is a superuser here.</summary>
    public AccessDecision Decide(AccessAttributes asked)
    {
        List<string>? errors = null;
        foreach (var (grant, rules) in Granted(asked.User, asked.Namespace, missing => (errors ??= []).Add(missing)))
        {
            foreach (var rule in rules)
            {
                if (rule.Allows(asked))
                {
                    return new AccessDecision(true, grant.Reason);
                }
            }
        }

        return new AccessDecision(false, errors switch
        {
            null => "",
            [var one] => $"RBAC: {one}",
            _ => $"RBAC: [{string.Join(", ", errors.Distinct())}]",
        });
    }

    /// <summary>All rules a user holds at the cluster scope and, where <paramref name="ns"/> is not empty, in that namespace.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="ns">Namespace, or empty.</param>
    /// <param name="errors">Roles that bindings name and that do not exist.</param>
    public IReadOnlyList<PolicyRule> RulesOf(UserInfo user, string ns, out IReadOnlyList<string> errors)
    {
        List<string> missing = [];
        List<PolicyRule> rules = [.. Granted(user, ns, missing.Add).SelectMany(g => g.Rules)];
        errors = [.. missing.Distinct()];
        return rules;
    }

    /// <summary>The rules of a role, or null where it does not exist.</summary>
    /// <param name="role">The role.</param>
    /// <param name="ns">Namespace in which a Role is looked up.</param>
    public IReadOnlyList<PolicyRule>? RulesOf(RoleReference role, string ns) => roles.GetValueOrDefault((role.IsClusterRole ? "" : ns, role.Name));

    private IEnumerable<(RoleGrant Grant, IReadOnlyList<PolicyRule> Rules)> Granted(UserInfo user, string ns, Action<string> onMissing)
    {
        var scopes = ns.Length == 0 ? 1 : 2;
        for (var scope = 0; scope < scopes; scope++)
        {
            var within = scope == 0 ? "" : ns;
            for (var subject = -1; subject < user.Groups.Count; subject++)
            {
                foreach (var grant in grants.For(within, isGroup: subject >= 0, subject < 0 ? user.Name : user.Groups[subject]))
                {
                    if (RulesOf(grant.Role, within) is { } rules)
                    {
                        yield return (grant, rules);
                    }
                    else
                    {
                        onMissing($"{grant.Role.Kind.ToLowerInvariant()}.{RoleReference.Group} {GoQuote.Of(grant.Role.Name)} not found");
                    }
                }
            }
        }
    }

    private void PutBinding(ObjectKey key, JsonElement binding)
    {
        var role = binding.TryGetProperty("roleRef", out var reference)
            ? new RoleReference(reference.GetProperty("kind").GetString()!, reference.GetProperty("name").GetString()!)
            : default;
        List<RoleSubject> subjects = [];
        if (role.Name is not null && binding.TryGetProperty("subjects", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            subjects.AddRange(list.EnumerateArray().Select(s => RoleSubject.From(s, key.Namespace)).OfType<RoleSubject>());
        }

        lock (gate)
        {
            grants.Put(key.Namespace, key.Name, role, subjects);
        }
    }
}
