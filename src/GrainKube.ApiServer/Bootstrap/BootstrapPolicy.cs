using System.Text.Json.Nodes;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Bootstrap;

/// <summary>Reads <c>policy.txt</c>, whose head says how it is written, into the objects that it stands for.</summary>
internal static class BootstrapPolicy
{
    private const string ControllerPrefix = "system:controller:";
    private const string AggregateLabel = "rbac.authorization.k8s.io/aggregate-to-";
    private static readonly PolicyRule Events = new() { Verbs = ["create", "patch", "update"], ApiGroups = ["", "events.k8s.io"], Resources = ["events"] };

    /// <summary>All roles and bindings, roles first.</summary>
    public static IReadOnlyList<JsonObject> Objects()
    {
        using var stream = typeof(BootstrapPolicy).Assembly.GetManifestResourceStream(typeof(BootstrapPolicy), "policy.txt")!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <exception cref="FormatException">A line that is none of the forms.</exception>
    internal static IReadOnlyList<JsonObject> Parse(string text)
    {
        List<JsonObject> roles = [];
        List<JsonObject> bindings = [];
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            switch (words)
            {
                case [] or ["#", ..] or ["#"]:
                    break;
                case ["clusterrole", var name, .. var marks]:
                    roles.Add(Role("ClusterRole", "", name, marks));
                    break;
                case ["controller", var name]:
                    roles.Add(Role("ClusterRole", "", ControllerPrefix + name, []));
                    bindings.Add(Binding("", ControllerPrefix + name, "ClusterRole", ControllerPrefix + name, [$"account:{name}"]));
                    break;
                case ["role", var ns, var name]:
                    roles.Add(Role("Role", ns, name, []));
                    break;
                case ["binding", var name, .. var subjects]:
                    bindings.Add(Binding("", name, "ClusterRole", name, subjects));
                    break;
                case ["rolebinding", var ns, var name, var role, .. var subjects]:
                    bindings.Add(Binding(ns, name, "Role", role, subjects));
                    break;
                default:
                    ((JsonArray)roles[^1]["rules"]!).Add((JsonNode)Rule(words, line).ToJson());
                    break;
            }
        }

        return [.. roles, .. bindings];
    }

    private static JsonObject Role(string kind, string ns, string name, string[] marks)
    {
        var role = Item(kind, ns, name);
        role["rules"] = new JsonArray();
        foreach (var mark in marks)
        {
            if (mark.StartsWith("label=", StringComparison.Ordinal))
            {
                role["metadata"]!["labels"]![AggregateLabel + mark["label=".Length..]] = "true";
            }
            else if (mark.StartsWith("aggregates=", StringComparison.Ordinal))
            {
                var selector = new JsonObject { ["matchLabels"] = new JsonObject { [AggregateLabel + mark["aggregates=".Length..]] = "true" } };
                role["aggregationRule"] = new JsonObject { ["clusterRoleSelectors"] = new JsonArray(selector) };
            }
            else
            {
                throw new FormatException($"'{mark}' is no mark of a role");
            }
        }

        return role;
    }

    private static JsonObject Binding(string ns, string name, string roleKind, string role, string[] subjects)
    {
        var binding = Item(ns.Length == 0 ? "ClusterRoleBinding" : "RoleBinding", ns, name);
        binding["roleRef"] = new JsonObject { ["apiGroup"] = RoleReference.Group, ["kind"] = roleKind, ["name"] = role };
        if (subjects.Length > 0)
        {
            binding["subjects"] = new JsonArray([.. subjects.Select(s => (JsonNode)Subject(s))]);
        }

        return binding;
    }

    private static JsonObject Subject(string text)
    {
        var colon = text.IndexOf(':');
        var name = text[(colon + 1)..];
        return text[..Math.Max(colon, 0)] switch
        {
            "user" => new JsonObject { ["apiGroup"] = RoleReference.Group, ["kind"] = "User", ["name"] = name },
            "group" => new JsonObject { ["apiGroup"] = RoleReference.Group, ["kind"] = "Group", ["name"] = name },
            "account" => new JsonObject { ["kind"] = "ServiceAccount", ["name"] = name, ["namespace"] = "kube-system" },
            _ => throw new FormatException($"'{text}' is no subject"),
        };
    }

    private static PolicyRule Rule(string[] words, string line) => words switch
    {
        ["events"] => Events,
        [var verbs, "url", var paths] => new PolicyRule { Verbs = Verbs(verbs), NonResourceUrls = paths.Split(',') },
        [var verbs, var groups, var resources] => new PolicyRule { Verbs = Verbs(verbs), ApiGroups = Groups(groups), Resources = resources.Split(',') },
        [var verbs, var groups, var resources, var names] => new PolicyRule
        {
            Verbs = Verbs(verbs), ApiGroups = Groups(groups), Resources = resources.Split(','), ResourceNames = names.Split(','),
        },
        _ => throw new FormatException($"'{line}' is no rule"),
    };

    private static string[] Verbs(string text) => text switch
    {
        "read" => ["get", "list", "watch"],
        "write" => ["create", "delete", "deletecollection", "patch", "update"],
        "all" => ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
        _ => text.Split(','),
    };

    private static string[] Groups(string text) => [.. text.Split(',').Select(group => group == "core" ? "" : group)];

    private static JsonObject Item(string kind, string ns, string name)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns.Length > 0)
        {
            metadata["namespace"] = ns;
        }

        metadata["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" };
        metadata["annotations"] = new JsonObject { [PolicyUpdate.AutoUpdate] = "true" };
        return new JsonObject { ["apiVersion"] = $"{RoleReference.Group}/v1", ["kind"] = kind, ["metadata"] = metadata };
    }
}
