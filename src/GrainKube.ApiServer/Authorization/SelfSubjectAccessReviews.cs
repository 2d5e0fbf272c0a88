using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Endpoints;

namespace GrainKube.ApiServer.Authorization;

/// <summary>May I do this?</summary>
internal sealed class SelfSubjectAccessReviews(AccessQuestion question) : AccessReview("selfsubjectaccessreviews", "SelfSubjectAccessReview", question)
{
    protected override UserInfo Subject(UnstoredRequest request, JsonObject spec) => request.User;
}
