using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Apps.Deployments;

internal sealed class DeploymentValidator : IValidator<V1Deployment>
{
    public void Validate(V1Deployment item, FieldErrors errors)
    {
        var spec = item.Spec ?? new V1DeploymentSpec();
        var place = errors.At("spec");
        place.At("replicas").NotNegative(spec.Replicas);
        WorkloadSelectorRules.Check(spec.Selector, place.At("selector"));
        PodTemplateRules.CheckRunning(spec.Template, spec.Selector, "ReplicaSet", place.At("template"));
        Strategy(spec.Strategy, place.At("strategy"));
        place.At("minReadySeconds").NotNegative(spec.MinReadySeconds);
        place.At("revisionHistoryLimit").NotNegative(spec.RevisionHistoryLimit);
        place.At("progressDeadlineSeconds").NotNegative(spec.ProgressDeadlineSeconds);
        if (spec.ProgressDeadlineSeconds is { } deadline && deadline <= (spec.MinReadySeconds ?? 0))
        {
            place.At("progressDeadlineSeconds").Invalid(deadline, "must be greater than minReadySeconds");
        }
    }

    public void ValidateUpdate(V1Deployment next, V1Deployment current, FieldErrors errors)
    {
        Validate(next, errors);
        WorkloadSelectorRules.CheckUpdate(next.Spec?.Selector, current.Spec?.Selector, errors.At("spec").At("selector"));
    }

    public void ValidateStatusUpdate(V1Deployment next, V1Deployment current, FieldErrors errors)
    {
        var status = next.Status ?? new V1DeploymentStatus();
        var place = errors.At("status");
        place.At("observedGeneration").NotNegative(status.ObservedGeneration);
        place.At("replicas").NotNegative(status.Replicas);
        foreach (var (field, count) in (ReadOnlySpan<(string, int?)>)
            [("updatedReplicas", status.UpdatedReplicas), ("readyReplicas", status.ReadyReplicas), ("availableReplicas", status.AvailableReplicas)])
        {
            place.At(field).NotNegative(count);
            if ((count ?? 0) > (status.Replicas ?? 0))
            {
                place.At(field).Invalid(count ?? 0, "cannot be greater than status.replicas");
            }
        }

        place.At("unavailableReplicas").NotNegative(status.UnavailableReplicas);
        place.At("collisionCount").NotNegative(status.CollisionCount);
        if (status.AvailableReplicas > (status.ReadyReplicas ?? 0))
        {
            place.At("availableReplicas").Invalid(status.AvailableReplicas, "cannot be greater than readyReplicas");
        }

        if ((status.CollisionCount ?? 0) < (current.Status?.CollisionCount ?? 0))
        {
            place.At("collisionCount").Invalid(status.CollisionCount ?? 0, "cannot be decremented");
        }
    }

    public void Warn(V1Deployment next, V1Deployment? current, IList<string> warnings)
    {
        WorkloadWarnings.Name(next.Metadata, current, warnings);
        WorkloadWarnings.Template(next.Spec?.Template, "spec.template", (next.Metadata, current?.Metadata), warnings);
    }

    private static void Strategy(V1DeploymentStrategy? strategy, FieldErrors errors)
    {
        switch (strategy?.Type)
        {
            case "Recreate":
                if (strategy.RollingUpdate is not null)
                {
                    errors.At("rollingUpdate").Forbidden("may not be specified when strategy `type` is 'Recreate'");
                }

                break;
            case "RollingUpdate":
                RollingUpdateRules.Check(strategy.RollingUpdate, errors.At("rollingUpdate"));
                break;
            default:
                errors.At("type").NotSupported(strategy?.Type ?? "", "Recreate", "RollingUpdate");
                break;
        }
    }
}
