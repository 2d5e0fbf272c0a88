using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Validation;
using GrainKube.ApiServer.Endpoints;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Authorization;

/// <summary>May that user do this in this namespace?</summary>
internal sealed class LocalSubjectAccessReviews(AccessQuestion question) : AccessReview("localsubjectaccessreviews", "LocalSubjectAccessReview", question)
{
    protected override UserInfo Subject(UnstoredRequest request, JsonObject spec) => ReviewSpec.Subject(spec);

    protected override void Check(UnstoredRequest request, AccessAttributes asked, FieldErrors spec)
    {
        ReviewSpec.CheckSubject(asked.User, spec);
        if (!asked.IsResource)
        {
            spec.At("nonResourceAttributes").Invalid(new { path = asked.Path, verb = asked.Verb }, "disallowed on this kind of request");
        }
        else if (asked.Namespace != request.Info.Namespace)
        {
            spec.At("resourceAttributes").At("namespace").Invalid(asked.Namespace, "must match metadata.namespace");
        }
    }
}
