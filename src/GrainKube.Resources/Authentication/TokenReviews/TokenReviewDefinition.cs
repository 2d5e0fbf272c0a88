using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Authentication.TokenReviews;

/// <summary>Answers "whose token is this".</summary>
internal sealed class TokenReviewDefinition : BuiltInDefinition<V1TokenReview>
{
    public TokenReviewDefinition()
        : base(ResourceNames.ClusterWide("authentication.k8s.io", "v1", "tokenreviews", "TokenReview"))
    {
        AsksOnly();
    }
}
