using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Admission;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Authorization;

/// <summary>
/// Nobody writes a role with more than he holds, nor binds one, unless he may <c>escalate</c> or <c>bind</c> it. Upstream does this in the storage of the RBAC kinds; here it is an admission plugin.
/// </summary>
internal sealed class RbacEscalation(RbacIndex index, AccessQuestion question) : IValidatingAdmission
{
    public string Name => "RBACEscalation";

    public bool Handles(AdmissionRequest request) =>
        request.Key.Group == RoleReference.Group
        && request.Subresource.Length == 0
        && (request.Operation is AdmissionOperation.Create or AdmissionOperation.Update)
        && (request.Key.Resource is "roles" or "clusterroles" or "rolebindings" or "clusterrolebindings")
        && !Superuser.Is(request.User);

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel) =>
        request.Object is not { } next ? ValueTask.CompletedTask
        : request.Key.Resource is "roles" or "clusterroles" ? CheckRoleAsync(request, next, cancel)
        : CheckBindingAsync(request, next, cancel);

    private async ValueTask CheckRoleAsync(AdmissionRequest request, JsonObject role, CancellationToken cancel)
    {
        var rulesSame = request.Current is { } current && JsonNode.DeepEquals(current["rules"], role["rules"]);
        var aggregationSame = JsonNode.DeepEquals(request.Current?["aggregationRule"], role["aggregationRule"]);
        if ((rulesSame && aggregationSame) || await MayAsync(request, "escalate", request.Key.Resource, request.Key.Namespace, request.Key.Name, cancel))
        {
            return;
        }

        // Whoever aggregates takes in roles that do not exist yet: only one who may do everything may do that.
        if (role["aggregationRule"] is not null && Escalation.Check(index, request.User, "", Everything) is not null)
        {
            throw request.Forbidden("must have cluster-admin privileges to use an aggregationRule");
        }

        Demand(request, Rules(role));
    }

    private async ValueTask CheckBindingAsync(AdmissionRequest request, JsonObject binding, CancellationToken cancel)
    {
        if (request.Current is { } current
            && JsonNode.DeepEquals(current["roleRef"], binding["roleRef"])
            && JsonNode.DeepEquals(current["subjects"], binding["subjects"]))
        {
            return;
        }

        var ns = request.Key.Namespace;
        var role = new RoleReference((string?)binding["roleRef"]?["kind"] ?? "", (string?)binding["roleRef"]?["name"] ?? "");
        if (await MayAsync(request, "bind", role.Resource.Resource, role.IsClusterRole ? "" : ns, role.Name, cancel) || await MayAsync(request, "bind", role.Resource.Resource, ns, role.Name, cancel))
        {
            return;
        }

        Demand(request, index.RulesOf(role, ns) ?? throw ApiException.NotFound(role.Resource, role.Name));
    }

    private void Demand(AdmissionRequest request, IReadOnlyList<PolicyRule> wanted)
    {
        if (Escalation.Check(index, request.User, request.Key.Namespace, wanted) is { } message)
        {
            throw request.Forbidden(message);
        }
    }

    private ValueTask<bool> MayAsync(AdmissionRequest request, string verb, string resource, string ns, string name, CancellationToken cancel) =>
        new AccessChecks(question, request).MayAsync(new AccessCheck { Verb = verb, Group = RoleReference.Group, Resource = resource, Namespace = ns, Name = name }, cancel);

    private static IReadOnlyList<PolicyRule> Rules(JsonObject role)
    {
        using var json = JsonDocument.Parse(role.ToJsonString());
        return PolicyRule.ListFrom(json.RootElement);
    }

    private static readonly PolicyRule[] Everything =
    [
        new() { Verbs = ["*"], ApiGroups = ["*"], Resources = ["*"] },
        new() { Verbs = ["*"], NonResourceUrls = ["*"] },
    ];
}
