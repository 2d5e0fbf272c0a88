using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Core.ReplicationControllers;

internal sealed class ReplicationControllerValidator : IValidator<V1ReplicationController>
{
    public void Validate(V1ReplicationController item, FieldErrors errors)
    {
        var spec = item.Spec ?? new V1ReplicationControllerSpec();
        var place = errors.At("spec");
        place.At("minReadySeconds").NotNegative(spec.MinReadySeconds);
        place.At("replicas").NotNegative(spec.Replicas);
        if (spec.Selector is not { Count: > 0 })
        {
            place.At("selector").Required();
        }

        if (spec.Template is null)
        {
            place.At("template").Required();
        }
        else
        {
            PodTemplateRules.CheckRunning(spec.Template, new V1LabelSelector { MatchLabels = spec.Selector }, "ReplicationController", place.At("template"));
        }
    }

    public void ValidateStatusUpdate(V1ReplicationController next, V1ReplicationController current, FieldErrors errors)
    {
        var (status, place) = (next.Status ?? new V1ReplicationControllerStatus(), errors.At("status"));
        place.At("replicas").NotNegative(status.Replicas);
        place.At("observedGeneration").NotNegative(status.ObservedGeneration);
        foreach (var (field, count) in (ReadOnlySpan<(string, int?)>)
            [("fullyLabeledReplicas", status.FullyLabeledReplicas), ("readyReplicas", status.ReadyReplicas), ("availableReplicas", status.AvailableReplicas)])
        {
            place.At(field).NotNegative(count);
            if ((count ?? 0) > status.Replicas)
            {
                place.At(field).Invalid(count ?? 0, "cannot be greater than status.replicas");
            }
        }

        if (status.AvailableReplicas > (status.ReadyReplicas ?? 0))
        {
            place.At("availableReplicas").Invalid(status.AvailableReplicas, "cannot be greater than readyReplicas");
        }
    }

    public void Warn(V1ReplicationController next, V1ReplicationController? current, IList<string> warnings)
    {
        WorkloadWarnings.Name(next.Metadata, current, warnings);
        WorkloadWarnings.Template(next.Spec?.Template, "spec.template", (next.Metadata, current?.Metadata), warnings);
    }
}
