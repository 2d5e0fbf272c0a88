using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Validation;
using GrainKube.ApiServer.Endpoints;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Authorization;

/// <summary>May that user do this?</summary>
internal sealed class SubjectAccessReviews(AccessQuestion question) : AccessReview("subjectaccessreviews", "SubjectAccessReview", question)
{
    protected override UserInfo Subject(UnstoredRequest request, JsonObject spec) => ReviewSpec.Subject(spec);

    protected override void Check(UnstoredRequest request, AccessAttributes asked, FieldErrors spec) => ReviewSpec.CheckSubject(asked.User, spec);
}
