using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>Which requests the rules of a webhook name.</summary>
internal static class WebhookRules
{
    /// <returns>The version in which the webhook wants to see the object; null where no rule names the request.</returns>
    public static ServedVersion? Match(Webhook webhook, WebhookRequest request)
    {
        if (Names(webhook, request, request.Version))
        {
            return request.Version;
        }

        return webhook.MatchesEquivalent ? request.Definition.Versions.FirstOrDefault(version => Names(webhook, request, version)) : null;
    }

    private static bool Names(Webhook webhook, WebhookRequest request, ServedVersion version)
    {
        foreach (var rule in webhook.Rules)
        {
            if (Has(rule.ApiGroups, version.Group)
                && Has(rule.ApiVersions, version.Version)
                && Has(rule.Operations, request.OperationName)
                && Covers(rule.Resources, request.Definition.Names.Plural, request.Subresource)
                && IsInScope(rule, request))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(IList<string>? list, string value) => list is not null && (list.Contains("*") || list.Contains(value));

    /// <summary><c>*</c> is every resource but no subresource, <c>*/*</c> is all.</summary>
    private static bool Covers(IList<string>? patterns, string resource, string subresource)
    {
        foreach (var pattern in patterns ?? [])
        {
            var slash = pattern.IndexOf('/', StringComparison.Ordinal);
            var (main, sub) = slash < 0 ? (pattern, "") : (pattern[..slash], pattern[(slash + 1)..]);
            if ((main == "*" || main == resource) && (sub == "*" || sub == subresource))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A namespace itself is cluster-scoped.</summary>
    private static bool IsInScope(V1RuleWithOperations rule, WebhookRequest request) => rule.Scope switch
    {
        "Namespaced" => request.Definition.Names.Namespaced,
        "Cluster" => !request.Definition.Names.Namespaced,
        _ => true,
    };
}
