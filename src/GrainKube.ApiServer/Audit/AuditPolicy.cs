using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Validation;
using GrainKube.ApiMachinery.Yaml;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.Audit;

/// <summary>A policy of kind <c>Policy</c> of <c>audit.k8s.io/v1</c>: the first rule that fits decides; where none does, nothing is recorded.</summary>
internal sealed class AuditPolicy
{
    private static readonly AuditDecision Nothing = new(AuditLevel.None, AuditStages.None, false);
    private readonly AuditRule[] rules;

    private AuditPolicy(IEnumerable<AuditRule> rules) => this.rules = [.. rules];

    /// <param name="user">Who asks, before impersonation; null where nobody knows.</param>
    /// <param name="request">What is asked.</param>
    public AuditDecision Decide(UserInfo? user, RequestInfo request)
    {
        foreach (var rule in rules)
        {
            if (rule.Match(user, request))
            {
                return rule.Decision;
            }
        }

        return Nothing;
    }

    /// <exception cref="FormatException">It is no policy, or makes no sense; all that is wrong in one message.</exception>
    public static AuditPolicy Parse(byte[] yaml)
    {
        var policy = YamlFile.Parse(yaml, "failed decoding");
        if ((Text(policy["apiVersion"]), Text(policy["kind"])) is not ("audit.k8s.io/v1", "Policy"))
        {
            throw new FormatException($"unknown group version field {Text(policy["apiVersion"])}, Kind={Text(policy["kind"])} in policy");
        }

        var errors = new FieldErrors();
        var omitted = Stages(policy["omitStages"], errors.At("omitStages"));
        var omitsFields = Flag(policy["omitManagedFields"]) == true;
        var place = errors.At("rules");
        var rules = (policy["rules"] as JsonArray ?? []).Select((rule, i) => Rule(rule as JsonObject ?? [], omitted, omitsFields, place.At(i))).ToList();
        if (!errors.IsEmpty)
        {
            throw new FormatException(string.Join(", ", errors.All));
        }

        return rules.Count == 0 ? throw new FormatException("loaded illegal policy with 0 rules") : new AuditPolicy(rules);
    }

    private static AuditRule Rule(JsonObject rule, AuditStages omitted, bool omitsFields, FieldErrors errors)
    {
        var made = new AuditRule
        {
            Decision = new AuditDecision(Level(rule["level"], errors.At("level")), omitted | Stages(rule["omitStages"], errors.At("omitStages")), Flag(rule["omitManagedFields"]) ?? omitsFields),
            Users = Texts(rule["users"]),
            Groups = Texts(rule["userGroups"]),
            Verbs = Texts(rule["verbs"]),
            Namespaces = Texts(rule["namespaces"]),
            Paths = Texts(rule["nonResourceURLs"]),
            Resources = [.. (rule["resources"] as JsonArray ?? []).OfType<JsonObject>().Select(r => Resources(r, errors.At("resources")))],
        };
        CheckPaths(made, errors.At("nonResourceURLs"));
        return made;
    }

    private static AuditResources Resources(JsonObject item, FieldErrors errors)
    {
        var made = new AuditResources(Text(item["group"]), Texts(item["resources"]), Texts(item["resourceNames"]));
        if (made.Group is not ("" or "*"))
        {
            errors.At("group").Report(made.Group, NameRules.DnsSubdomain(made.Group));
        }

        if (made.Names.Count > 0 && made.Resources.Count == 0)
        {
            errors.At("resourceNames").Invalid(made.Names, "using resourceNames requires at least one resource");
        }

        return made;
    }

    private static void CheckPaths(AuditRule rule, FieldErrors errors)
    {
        for (var i = 0; i < rule.Paths.Count; i++)
        {
            var path = rule.Paths[i];
            if (path == "*")
            {
                continue;
            }

            if (!path.StartsWith('/'))
            {
                errors.At(i).Invalid(path, "non-resource URL rules must begin with a '/' character");
            }

            if (path.Length > 0 && path.AsSpan(0, path.Length - 1).Contains('*'))
            {
                errors.At(i).Invalid(path, "non-resource URL wildcards '*' must be the final character of the rule");
            }
        }

        if (rule.Paths.Count > 0 && rule.Resources.Count + rule.Namespaces.Count > 0)
        {
            errors.Invalid(rule.Paths, "rules cannot apply to both regular resources and non-resource URLs");
        }
    }

    private static AuditLevel Level(JsonNode? node, FieldErrors errors)
    {
        var text = Text(node);
        if (text.Length == 0)
        {
            errors.Required();
        }
        else if (!Enum.TryParse<AuditLevel>(text, out var level) || !Enum.IsDefined(level) || char.IsAsciiDigit(text[0]))
        {
            errors.NotSupported(text, Enum.GetNames<AuditLevel>());
        }
        else
        {
            return level;
        }

        return AuditLevel.None;
    }

    private static AuditStages Stages(JsonNode? list, FieldErrors errors)
    {
        var stages = AuditStages.None;
        var texts = Texts(list);
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i] is "RequestReceived" or "ResponseStarted" or "ResponseComplete" or "Panic")
            {
                stages |= Enum.Parse<AuditStages>(texts[i]);
            }
            else
            {
                errors.At(i).Invalid(texts[i], "allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic");
            }
        }

        return stages;
    }

    private static bool? Flag(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static List<string> Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(Text)];
}
