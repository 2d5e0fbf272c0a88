using System.Text.Json;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Admission;
using GrainKube.ApiServer.Bootstrap;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Authorization.Nodes;

/// <summary>Lets a node read what its pods refer to and write about itself; what it may write there, NodeRestriction says. It never denies, others may allow more.</summary>
internal sealed class NodeAuthorizer(IObjectReader objects) : IAuthorizer
{
    private const string LeaseNamespace = "kube-node-lease";
    private static readonly IReadOnlyList<PolicyRule> Rules = NodeRules();
    private readonly NodeGraph graph = new(objects);

    public ValueTask<AuthorizationDecision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancel) =>
        ValueTask.FromResult(NodeIdentity.TryRead(user, out var node) ? Decide(node, user, request) : new AuthorizationDecision(false));

    public string WhyRulesAreUnknown(UserInfo user) => NodeIdentity.TryRead(user, out _) ? "node authorizer does not support user rule resolution" : "";

    private AuthorizationDecision Decide(string node, UserInfo user, RequestInfo request)
    {
        if (node.Length == 0)
        {
            return No($"unknown node for user \"{user.Name}\"");
        }

        var (ns, name) = (request.Namespace, request.Name);
        return (request.IsResourceRequest ? request.ApiGroup : "-", request.Resource) switch
        {
            ("", "secrets") => Read(node, request, () => graph.ReachesSecret(node, ns, name)),
            ("", "configmaps") => Read(node, request, () => graph.ReachesConfigMap(node, ns, name)),
            ("", "persistentvolumeclaims") when request.Subresource == "status" => request.Verb is "update" or "patch"
                ? Related(node, name, () => graph.ReachesClaim(node, ns, name))
                : No("can only get/update/patch this type"),
            ("", "persistentvolumeclaims") => Get(node, request, () => graph.ReachesClaim(node, ns, name)),
            ("", "persistentvolumes") => Get(node, request, () => graph.ReachesVolume(node, name)),
            ("resource.k8s.io", "resourceclaims") => Get(node, request, () => graph.ReachesResourceClaim(node, ns, name)),
            ("storage.k8s.io", "volumeattachments") => Get(node, request, () => graph.ReachesAttachment(node, name)),
            ("", "serviceaccounts") => Token(node, request),
            ("coordination.k8s.io", "leases") => Lease(node, request),
            ("storage.k8s.io", "csinodes") => CsiNode(node, request),
            ("resource.k8s.io", "resourceslices") => Slice(node, request),
            ("", "nodes") => Node(node, request),
            ("", "pods") => Pod(node, request),
            _ => Allow(Rules.Any(rule => rule.Allows(Attributes.Of(user, request)))),
        };
    }

    private static AuthorizationDecision Read(string node, RequestInfo request, Func<bool> reaches) =>
        request.Verb is not ("get" or "list" or "watch") ? No("can only read resources of this type")
        : request.Subresource.Length > 0 ? No("cannot read subresource")
        : request.Namespace.Length == 0 ? No("can only read namespaced object of this type")
        : Related(node, request.Name, reaches);

    private static AuthorizationDecision Get(string node, RequestInfo request, Func<bool> reaches) =>
        request.Verb != "get" ? No("can only get individual resources of this type")
        : request.Subresource.Length > 0 ? No("cannot get subresource")
        : Related(node, request.Name, reaches);

    private AuthorizationDecision Token(string node, RequestInfo request)
    {
        bool Reaches() => graph.ReachesAccount(node, request.Namespace, request.Name);
        return request is { Verb: "get", Subresource: "" } ? Related(node, request.Name, Reaches)
            : request.Verb != "create" || request.Name.Length == 0 ? No("can only create tokens for individual service accounts")
            : request.Subresource != "token" ? No("can only create token subresource of serviceaccount")
            : Related(node, request.Name, Reaches);
    }

    private static AuthorizationDecision Lease(string node, RequestInfo request) =>
        request.Verb is not ("get" or "create" or "update" or "patch" or "delete") ? No("can only get, create, update, patch, or delete a node lease")
        : request.Namespace != LeaseNamespace ? No($"can only access leases in the \"{LeaseNamespace}\" system namespace")
        : request.Verb != "create" && request.Name != node ? No("can only access node lease with the same name as the requesting node")
        : Allow(true);

    private static AuthorizationDecision CsiNode(string node, RequestInfo request) =>
        request.Verb is not ("get" or "create" or "update" or "patch" or "delete") ? No("can only get, create, update, patch, or delete a CSINode")
        : request.Subresource.Length > 0 ? No("cannot authorize CSINode subresources")
        : request.Verb != "create" && request.Name != node ? No("can only access CSINode with the same name as the requesting node")
        : Allow(true);

    private AuthorizationDecision Slice(string node, RequestInfo request) => (request.Subresource, request.Verb) switch
    {
        ({ Length: > 0 }, _) => No("cannot authorize ResourceSlice subresources"),
        (_, "create") => Allow(true),
        (_, "get" or "update" or "patch" or "delete") => Related(node, request.Name, () => graph.ReachesSlice(node, request.Name)),
        (_, "list" or "watch" or "deletecollection") => Selects(request, "nodeName", node) || Selects(request, "spec.nodeName", node)
            ? Allow(true)
            : No("can only list/watch/deletecollection resourceslices with nodeName field selector"),
        _ => No("only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection"),
    };

    private static AuthorizationDecision Node(string node, RequestInfo request) => (request.Subresource, request.Verb) switch
    {
        ("", "create" or "update" or "patch") or ("status", "update" or "patch") => Allow(true),
        ("", "get" or "list" or "watch") => request.Name == node ? Allow(true)
            : request.Name.Length == 0 ? No($"node '{node}' cannot read all nodes, only its own Node object")
            : No($"node '{node}' cannot read '{request.Name}', only its own Node object"),
        _ => No(""),
    };

    private AuthorizationDecision Pod(string node, RequestInfo request) => (request.Subresource, request.Verb) switch
    {
        ("", "get") => Get(node, request, () => graph.ReachesPod(node, request.Namespace, request.Name)),
        ("", "list" or "watch") => Selects(request, "spec.nodeName", node) ? Allow(true)
            : request.Name.Length > 0 ? Related(node, request.Name, () => graph.ReachesPod(node, request.Namespace, request.Name))
            : No("can only list/watch pods with spec.nodeName field selector"),
        ("", "create" or "delete") or ("status", "update" or "patch") or ("eviction", "create") => Allow(true),
        _ => No(""),
    };

    private static bool Selects(RequestInfo request, string field, string value) =>
        request.FieldSelector.Split(',', StringSplitOptions.TrimEntries).Any(term => term == $"{field}={value}" || term == $"{field}=={value}");

    private static AuthorizationDecision Related(string node, string name, Func<bool> reaches) =>
        name.Length == 0 ? No("No Object name found")
        : reaches() ? Allow(true)
        : No($"no relationship found between node '{node}' and this object");

    private static AuthorizationDecision Allow(bool allowed) => new(allowed);

    private static AuthorizationDecision No(string why) => new(false, why);

    private static IReadOnlyList<PolicyRule> NodeRules()
    {
        using var role = JsonDocument.Parse(BootstrapPolicy.Objects().Single(o => (string?)o["kind"] == "ClusterRole" && (string?)o["metadata"]!["name"] == "system:node").ToJsonString());
        return PolicyRule.ListFrom(role.RootElement);
    }
}
