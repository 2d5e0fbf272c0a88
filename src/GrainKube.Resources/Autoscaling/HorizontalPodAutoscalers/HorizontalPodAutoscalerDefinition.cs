using GrainKube.ApiMachinery.Definitions;
using GrainKube.Resources.Schemas;
using k8s.Models;

namespace GrainKube.Resources.Autoscaling.HorizontalPodAutoscalers;

/// <summary>Stored as <c>autoscaling/v2</c>, served as v1 too.</summary>
internal sealed class HorizontalPodAutoscalerDefinition : BuiltInDefinition<V2HorizontalPodAutoscaler>
{
    public HorizontalPodAutoscalerDefinition()
        : base(ResourceNames.InNamespace("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa") with { Categories = ["all"] })
    {
        WithStatus(generation: false);
        Uses(new HorizontalPodAutoscalerColumns());
        Uses(new HorizontalPodAutoscalerDefaults());
        Uses(new HorizontalPodAutoscalerValidator());
    }

    protected override IReadOnlyList<ServedVersion> OtherVersions() =>
    [
        new ServedVersion("autoscaling", "v1", ModelSchemas.For<V1HorizontalPodAutoscaler>)
        {
            ToStorage = HorizontalPodAutoscalerConversion.FromV1, FromStorage = HorizontalPodAutoscalerConversion.ToV1,
        },
    ];
}
