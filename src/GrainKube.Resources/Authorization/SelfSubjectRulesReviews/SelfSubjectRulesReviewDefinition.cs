using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Authorization.SelfSubjectRulesReviews;

/// <summary>Answers "what may I do in this namespace".</summary>
internal sealed class SelfSubjectRulesReviewDefinition : BuiltInDefinition<V1SelfSubjectRulesReview>
{
    public SelfSubjectRulesReviewDefinition()
        : base(ResourceNames.ClusterWide("authorization.k8s.io", "v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview"))
    {
        AsksOnly();
    }
}
