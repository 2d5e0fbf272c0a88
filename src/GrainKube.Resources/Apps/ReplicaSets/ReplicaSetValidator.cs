using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Apps.ReplicaSets;

internal sealed class ReplicaSetValidator : IValidator<V1ReplicaSet>
{
    public void Validate(V1ReplicaSet item, FieldErrors errors)
    {
        var spec = item.Spec ?? new V1ReplicaSetSpec();
        var place = errors.At("spec");
        place.At("replicas").NotNegative(spec.Replicas);
        place.At("minReadySeconds").NotNegative(spec.MinReadySeconds);
        WorkloadSelectorRules.Check(spec.Selector, place.At("selector"));
        PodTemplateRules.CheckRunning(spec.Template, spec.Selector, "ReplicaSet", place.At("template"));
    }

    public void ValidateUpdate(V1ReplicaSet next, V1ReplicaSet current, FieldErrors errors)
    {
        Validate(next, errors);
        WorkloadSelectorRules.CheckUpdate(next.Spec?.Selector, current.Spec?.Selector, errors.At("spec").At("selector"));
    }

    public void ValidateStatusUpdate(V1ReplicaSet next, V1ReplicaSet current, FieldErrors errors)
    {
        var status = next.Status ?? new V1ReplicaSetStatus();
        var place = errors.At("status");
        place.At("replicas").NotNegative(status.Replicas);
        place.At("fullyLabeledReplicas").NotNegative(status.FullyLabeledReplicas);
        place.At("readyReplicas").NotNegative(status.ReadyReplicas);
        place.At("availableReplicas").NotNegative(status.AvailableReplicas);
        place.At("observedGeneration").NotNegative(status.ObservedGeneration);
        AtMost(status.FullyLabeledReplicas, "fullyLabeledReplicas");
        AtMost(status.ReadyReplicas, "readyReplicas");
        AtMost(status.AvailableReplicas, "availableReplicas");
        if (status.AvailableReplicas > (status.ReadyReplicas ?? 0))
        {
            place.At("availableReplicas").Invalid(status.AvailableReplicas, "cannot be greater than readyReplicas");
        }

        void AtMost(int? count, string field)
        {
            if ((count ?? 0) > status.Replicas)
            {
                place.At(field).Invalid(count ?? 0, "cannot be greater than status.replicas");
            }
        }
    }

    public void Warn(V1ReplicaSet next, V1ReplicaSet? current, IList<string> warnings)
    {
        WorkloadWarnings.Name(next.Metadata, current, warnings);
        WorkloadWarnings.Template(next.Spec?.Template, "spec.template", (next.Metadata, current?.Metadata), warnings);
    }
}
