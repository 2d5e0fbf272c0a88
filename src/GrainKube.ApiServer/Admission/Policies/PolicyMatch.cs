using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary><c>matchConstraints</c> of a policy or <c>matchResources</c> of a binding.</summary>
internal sealed class PolicyMatch(JsonObject? match)
{
    private readonly JsonObject[] rules = Objects(match?["resourceRules"]);
    private readonly JsonObject[] excluded = Objects(match?["excludeResourceRules"]);
    private readonly LabelSelector namespaces = SelectorOf(match?["namespaceSelector"]);
    private readonly LabelSelector items = SelectorOf(match?["objectSelector"]);
    private readonly bool exact = (string?)match?["matchPolicy"] == "Exact";

    /// <param name="request">What is asked.</param>
    /// <param name="ns">The namespace of the object, where it is in one.</param>
    /// <returns>The version in which the object is to be looked at; null where the request is not meant.</returns>
    public ServedVersion? Match(AdmissionRequest request, KubeObject? ns) =>
        MatchesNamespace(request, ns)
        && (items.IsEverything || items.Matches(Labels(request.Object)) || (request.Current is not null && items.Matches(Labels(request.Current))))
        && Named(excluded, request) is null
            ? rules.Length == 0 ? request.Version : Named(rules, request)
            : null;

    /// <summary>The client's version where a rule names it; otherwise, unless the match is to be exact, another one of the same objects.</summary>
    private ServedVersion? Named(JsonObject[] list, AdmissionRequest request) =>
        Array.Exists(list, rule => Fits(rule, request, request.Version)) ? request.Version
        : exact ? null
        : request.Resource.Versions.FirstOrDefault(version => Array.Exists(list, rule => Fits(rule, request, version)));

    private bool MatchesNamespace(AdmissionRequest request, KubeObject? ns)
    {
        if (namespaces.IsEverything)
        {
            return true;
        }

        // A namespace is judged by its own labels; what is in none is always meant.
        return request.Is("", "namespaces") ? namespaces.Matches(Labels(request.Object ?? request.Current))
            : request.Key.Namespace.Length == 0 || (ns is not null && namespaces.Matches(ns.Header.Labels));
    }

    private static bool Fits(JsonObject rule, AdmissionRequest request, ServedVersion version) =>
        Has(rule["operations"], request.Operation.ToString().ToUpperInvariant())
        && Has(rule["apiGroups"], version.Group)
        && Has(rule["apiVersions"], version.Version)
        && Texts(rule["resources"]).Any(r => FitsResource(r, request.Key.Resource, request.Subresource))
        && (string?)rule["scope"] switch
        {
            "Namespaced" => request.Key.Namespace.Length > 0,
            "Cluster" => request.Key.Namespace.Length == 0,
            _ => true,
        }
        && (rule["resourceNames"] is not JsonArray { Count: > 0 } names || Texts(names).Contains(request.Name));

    private static bool FitsResource(string pattern, string resource, string subresource)
    {
        var slash = pattern.IndexOf('/');
        var (first, second) = slash < 0 ? (pattern, "") : (pattern[..slash], pattern[(slash + 1)..]);
        return (first == "*" || first == resource) && (second == subresource || second == "*");
    }

    private static bool Has(JsonNode? list, string value) => Texts(list).Any(t => t == "*" || t == value);

    private static IEnumerable<string> Texts(JsonNode? list) => list is JsonArray array ? array.Select(e => (string?)e ?? "") : [];

    private static JsonObject[] Objects(JsonNode? list) => list is JsonArray array ? [.. array.OfType<JsonObject>()] : [];

    private static LabelSelector SelectorOf(JsonNode? node) => node is JsonObject { Count: > 0 } selector ? LabelSelector.From(selector) : LabelSelector.Everything;

    private static Dictionary<string, string> Labels(JsonObject? item) =>
        item?["metadata"]?["labels"] is JsonObject labels ? labels.ToDictionary(p => p.Key, p => (string?)p.Value ?? "") : [];
}
