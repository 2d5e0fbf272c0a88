using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;

namespace GrainKube.Security.Rbac;

/// <summary>One rule of a Role or ClusterRole: verbs on resources of groups, or on paths.</summary>
public sealed record PolicyRule
{
    public const string All = "*";

    public IReadOnlyList<string> Verbs { get; init; } = [];
    public IReadOnlyList<string> ApiGroups { get; init; } = [];

    /// <summary><c>pods</c>, <c>pods/log</c>, <c>*</c> or <c>*/scale</c>.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Empty means every name.</summary>
    public IReadOnlyList<string> ResourceNames { get; init; } = [];

    /// <summary>Paths; a <c>*</c> at the end stands for any rest.</summary>
    public IReadOnlyList<string> NonResourceUrls { get; init; } = [];

    /// <summary>True where this rule grants what is asked.</summary>
    public bool Allows(AccessAttributes asked) => asked.IsResource
        ? Has(Verbs, asked.Verb) && Has(ApiGroups, asked.ApiGroup) && MatchesResource(asked.Resource, asked.Subresource) && MatchesName(asked.Name)
        : Has(Verbs, asked.Verb) && MatchesPath(asked.Path);

    /// <summary>Reads the <c>rules</c> of a role as JSON; absent lists are empty.</summary>
    public static IReadOnlyList<PolicyRule> ListFrom(JsonElement role)
    {
        if (!role.TryGetProperty("rules", out var rules) || rules.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        return [.. rules.EnumerateArray().Select(From)];
    }

    public static PolicyRule From(JsonElement rule) => new()
    {
        Verbs = Texts(rule, "verbs"),
        ApiGroups = Texts(rule, "apiGroups"),
        Resources = Texts(rule, "resources"),
        ResourceNames = Texts(rule, "resourceNames"),
        NonResourceUrls = Texts(rule, "nonResourceURLs"),
    };

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["verbs"] = Texts(Verbs) };
        AddIfAny(json, "apiGroups", ApiGroups);
        AddIfAny(json, "resources", Resources);
        AddIfAny(json, "resourceNames", ResourceNames);
        AddIfAny(json, "nonResourceURLs", NonResourceUrls);
        return json;
    }

    /// <summary>As upstream prints a rule in messages.</summary>
    public override string ToString()
    {
        List<string> parts = [];
        void Add(string name, IReadOnlyList<string> values)
        {
            if (values.Count > 0)
            {
                parts.Add($"{name}:{GoQuote.Of(values)}");
            }
        }

        Add("APIGroups", ApiGroups);
        Add("Resources", Resources);
        Add("NonResourceURLs", NonResourceUrls);
        Add("ResourceNames", ResourceNames);
        Add("Verbs", Verbs);
        return $"{{{string.Join(", ", parts)}}}";
    }

    internal bool MatchesResource(string resource, string subresource)
    {
        foreach (var rule in Resources)
        {
            if (rule == All
                || (subresource.Length == 0 ? rule == resource : IsSubresource(rule, resource, subresource) || IsSubresource(rule, All, subresource)))
            {
                return true;
            }
        }

        return false;
    }

    internal static bool PathCovers(string rule, string path) =>
        rule == All || rule == path || (rule.EndsWith('*') && path.StartsWith(rule.TrimEnd('*'), StringComparison.Ordinal));

    internal static bool Has(IReadOnlyList<string> values, string wanted)
    {
        foreach (var value in values)
        {
            if (value == All || value == wanted)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSubresource(string rule, string resource, string subresource) =>
        rule.Length == resource.Length + subresource.Length + 1
        && rule[resource.Length] == '/'
        && rule.StartsWith(resource, StringComparison.Ordinal)
        && rule.EndsWith(subresource, StringComparison.Ordinal);

    private bool MatchesName(string name)
    {
        if (ResourceNames.Count == 0)
        {
            return true;
        }

        foreach (var allowed in ResourceNames)
        {
            if (allowed == name)
            {
                return true;
            }
        }

        return false;
    }

    private bool MatchesPath(string path)
    {
        foreach (var rule in NonResourceUrls)
        {
            if (PathCovers(rule, path))
            {
                return true;
            }
        }

        return false;
    }

    private static string[] Texts(JsonElement rule, string name) =>
        rule.TryGetProperty(name, out var values) && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => string.Intern(v.GetString()!))]
            : [];

    private static JsonArray Texts(IReadOnlyList<string> values) => [.. values.Select(v => (JsonNode)v)];

    private static void AddIfAny(JsonObject json, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            json[name] = Texts(values);
        }
    }
}
