using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Authorization.LocalSubjectAccessReviews;

/// <summary>Answers "may this user do that", asked within a namespace.</summary>
internal sealed class LocalSubjectAccessReviewDefinition : BuiltInDefinition<V1LocalSubjectAccessReview>
{
    public LocalSubjectAccessReviewDefinition()
        : base(ResourceNames.InNamespace("authorization.k8s.io", "v1", "localsubjectaccessreviews", "LocalSubjectAccessReview"))
    {
        AsksOnly();
    }
}
