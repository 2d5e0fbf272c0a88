using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Validation;
using GrainKube.ApiServer.Endpoints;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Authorization;

/// <summary>What the three access reviews share: may a user do something.</summary>
internal abstract class AccessReview(string resource, string kind, AccessQuestion question) : IUnstoredResource
{
    protected const string Group = "authorization.k8s.io";

    public GroupResource Resource => new(Group, resource);

    public string Subresource => "";

    public async ValueTask<UnstoredAnswer> CreateAsync(UnstoredRequest request, CancellationToken cancel)
    {
        var body = request.Body;
        var spec = body["spec"] as JsonObject ?? [];
        var errors = new FieldErrors();
        var asked = ReviewSpec.Attributes(spec, Subject(request, spec), errors.At("spec"));
        Check(request, asked, errors.At("spec"));
        if (!errors.IsEmpty)
        {
            // Without the kind: upstream does not know it at this point and says so in its message.
            throw ApiException.Invalid(Group, "", "", errors);
        }

        var decision = await question.AskAsync(asked, cancel);
        var status = new JsonObject { ["allowed"] = decision.Allowed };
        if (decision.Denied)
        {
            status["denied"] = true;
        }

        if (decision.Reason.Length > 0)
        {
            status["reason"] = decision.Reason;
        }

        if (decision.Error is { } error)
        {
            status["evaluationError"] = error;
        }

        return new UnstoredAnswer(201, Answers.With(body, $"{Group}/v1", kind, status));
    }

    protected abstract UserInfo Subject(UnstoredRequest request, JsonObject spec);

    /// <summary>Further rules; <paramref name="spec"/> is the place of the spec.</summary>
    protected virtual void Check(UnstoredRequest request, AccessAttributes asked, FieldErrors spec) { }
}
