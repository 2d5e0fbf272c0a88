using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Authorization.SelfSubjectAccessReviews;

/// <summary>Answers "may I do that".</summary>
internal sealed class SelfSubjectAccessReviewDefinition : BuiltInDefinition<V1SelfSubjectAccessReview>
{
    public SelfSubjectAccessReviewDefinition()
        : base(ResourceNames.ClusterWide("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview"))
    {
        AsksOnly();
    }
}
