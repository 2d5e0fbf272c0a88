using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Autoscaling.HorizontalPodAutoscalers;

internal sealed class HorizontalPodAutoscalerValidator : IValidator<V2HorizontalPodAutoscaler>
{
    public void Validate(V2HorizontalPodAutoscaler item, FieldErrors errors)
    {
        var spec = item.Spec ?? new V2HorizontalPodAutoscalerSpec();
        var place = errors.At("spec");
        if (spec.MinReplicas < 1)
        {
            place.At("minReplicas").Invalid(spec.MinReplicas, "must be greater than or equal to 1");
        }

        if (spec.MaxReplicas < 1)
        {
            place.At("maxReplicas").Invalid(spec.MaxReplicas, "must be greater than 0");
        }

        if (spec.MinReplicas > spec.MaxReplicas)
        {
            place.At("maxReplicas").Invalid(spec.MaxReplicas, "must be greater than or equal to `minReplicas`");
        }

        place.At("scaleTargetRef").At("kind").RequiredName(spec.ScaleTargetRef?.Kind, NameRules.PathSegment);
        place.At("scaleTargetRef").At("name").RequiredName(spec.ScaleTargetRef?.Name, NameRules.PathSegment);
        MetricRules.Check(spec.Metrics ?? [], place.At("metrics"));
        if (spec.MinReplicas == 0 && spec.Metrics?.Any(m => m.Type is "Object" or "External") != true)
        {
            place.At("metrics").Forbidden("must specify at least one Object or External metric to support scaling to zero replicas");
        }

        ScalingRules.Check(spec.Behavior?.ScaleUp, place.At("behavior").At("scaleUp"));
        ScalingRules.Check(spec.Behavior?.ScaleDown, place.At("behavior").At("scaleDown"));
    }

    public void ValidateStatusUpdate(V2HorizontalPodAutoscaler next, V2HorizontalPodAutoscaler current, FieldErrors errors)
    {
        errors.At("status").At("currentReplicas").NotNegative(next.Status?.CurrentReplicas);
        errors.At("status").At("desiredReplicas").NotNegative(next.Status?.DesiredReplicas);
    }
}
