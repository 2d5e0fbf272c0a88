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
        var asked = ReviewSpec.Attributes(spec, Subject(request, spec, errors.At("spec")), errors.At("spec"));
        Check(request, asked, errors);
        if (!errors.IsEmpty)
        {
            throw ApiException.Invalid(Group, kind, "", errors);
        }

        var decision = await question.AskAsync(asked, cancel);
        var status = new JsonObject { ["allowed"] = decision.Allowed };
        if (decision.Reason.Length > 0)
        {
            status["reason"] = decision.Reason;
        }

        return new UnstoredAnswer(201, Answers.With(body, $"{Group}/v1", kind, status));
    }

    protected abstract UserInfo Subject(UnstoredRequest request, JsonObject spec, FieldErrors errors);

    protected virtual void Check(UnstoredRequest request, AccessAttributes asked, FieldErrors errors) { }
}

/// <summary>May that user do this?</summary>
internal sealed class SubjectAccessReviews(AccessQuestion question) : AccessReview("subjectaccessreviews", "SubjectAccessReview", question)
{
    protected override UserInfo Subject(UnstoredRequest request, JsonObject spec, FieldErrors errors)
    {
        ReviewSpec.CheckSubject(spec, errors);
        return ReviewSpec.Subject(spec);
    }
}

/// <summary>May I do this?</summary>
internal sealed class SelfSubjectAccessReviews(AccessQuestion question) : AccessReview("selfsubjectaccessreviews", "SelfSubjectAccessReview", question)
{
    protected override UserInfo Subject(UnstoredRequest request, JsonObject spec, FieldErrors errors) => request.User;
}

/// <summary>May that user do this in this namespace?</summary>
internal sealed class LocalSubjectAccessReviews(AccessQuestion question) : AccessReview("localsubjectaccessreviews", "LocalSubjectAccessReview", question)
{
    protected override UserInfo Subject(UnstoredRequest request, JsonObject spec, FieldErrors errors)
    {
        ReviewSpec.CheckSubject(spec, errors);
        return ReviewSpec.Subject(spec);
    }

    protected override void Check(UnstoredRequest request, AccessAttributes asked, FieldErrors errors)
    {
        if (asked.IsResource && asked.Namespace != request.Info.Namespace)
        {
            throw ApiException.BadRequest($"spec.resourceAttributes.namespace must match namespace: {request.Info.Namespace}");
        }
    }
}
