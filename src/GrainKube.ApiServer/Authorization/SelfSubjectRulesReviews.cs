using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Authorization;

/// <summary>What may I do in a namespace?</summary>
internal sealed class SelfSubjectRulesReviews(RbacIndex index, IEnumerable<IAuthorizer> authorizers) : IUnstoredResource
{
    private const string Group = "authorization.k8s.io";
    private static readonly PolicyRule[] Everything =
    [
        new() { Verbs = ["*"], ApiGroups = ["*"], Resources = ["*"] },
        new() { Verbs = ["*"], NonResourceUrls = ["*"] },
    ];

    public GroupResource Resource => new(Group, "selfsubjectrulesreviews");

    public string Subresource => "";

    public ValueTask<UnstoredAnswer> CreateAsync(UnstoredRequest request, CancellationToken cancel)
    {
        var ns = ReviewSpec.Text(request.Body["spec"] as JsonObject, "namespace");
        if (ns.Length == 0)
        {
            throw ApiException.BadRequest("no namespace on request");
        }

        var rules = index.RulesOf(request.User, ns, out var missing);
        string[] errors = [.. authorizers.Select(a => a.WhyRulesAreUnknown(request.User)).Where(why => why.Length > 0), .. missing];
        if (Superuser.Is(request.User))
        {
            rules = [.. Everything, .. rules];
        }

        var status = new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. rules.Where(r => r.Resources.Count > 0).Select(r => (JsonNode)r.ToJson())]),
            ["nonResourceRules"] = new JsonArray([.. rules.Where(r => r.NonResourceUrls.Count > 0).Select(r => (JsonNode)r.ToJson())]),
            ["incomplete"] = errors.Length > 0,
        };
        if (errors.Length > 0)
        {
            status["evaluationError"] = string.Join(", ", errors);
        }

        request.Body["spec"] = new JsonObject(); // upstream does not say again what was asked
        return ValueTask.FromResult(new UnstoredAnswer(201, Answers.With(request.Body, $"{Group}/v1", "SelfSubjectRulesReview", status)));
    }
}
