using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Authorization.SubjectAccessReviews;

/// <summary>Answers "may this user do that".</summary>
internal sealed class SubjectAccessReviewDefinition : BuiltInDefinition<V1SubjectAccessReview>
{
    public SubjectAccessReviewDefinition()
        : base(ResourceNames.ClusterWide("authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview"))
    {
        AsksOnly();
    }
}
