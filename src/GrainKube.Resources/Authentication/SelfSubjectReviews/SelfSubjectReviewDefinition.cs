using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Authentication.SelfSubjectReviews;

/// <summary>Answers "who am I".</summary>
internal sealed class SelfSubjectReviewDefinition : BuiltInDefinition<V1SelfSubjectReview>
{
    public SelfSubjectReviewDefinition()
        : base(ResourceNames.ClusterWide("authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview"))
    {
        AsksOnly();
    }
}
