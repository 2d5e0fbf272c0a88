using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Apps.Deployments;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Apps.DaemonSets;

internal sealed class DaemonSetValidator : IValidator<V1DaemonSet>
{
    public void Validate(V1DaemonSet item, FieldErrors errors)
    {
        var spec = item.Spec ?? new V1DaemonSetSpec();
        var place = errors.At("spec");
        WorkloadSelectorRules.Check(spec.Selector, place.At("selector"), "daemonset");
        PodTemplateRules.CheckRunning(spec.Template, spec.Selector, "DaemonSet", place.At("template"));
        place.At("minReadySeconds").NotNegative(spec.MinReadySeconds);
        Strategy(spec.UpdateStrategy, place.At("updateStrategy"));
        place.At("revisionHistoryLimit").NotNegative(spec.RevisionHistoryLimit);
    }

    public void ValidateUpdate(V1DaemonSet next, V1DaemonSet current, FieldErrors errors)
    {
        Validate(next, errors);
        WorkloadSelectorRules.CheckUpdate(next.Spec?.Selector, current.Spec?.Selector, errors.At("spec").At("selector"));
    }

    public void ValidateStatusUpdate(V1DaemonSet next, V1DaemonSet current, FieldErrors errors)
    {
        var status = next.Status ?? new V1DaemonSetStatus();
        var place = errors.At("status");
        place.At("currentNumberScheduled").NotNegative(status.CurrentNumberScheduled);
        place.At("numberMisscheduled").NotNegative(status.NumberMisscheduled);
        place.At("desiredNumberScheduled").NotNegative(status.DesiredNumberScheduled);
        place.At("numberReady").NotNegative(status.NumberReady);
        place.At("observedGeneration").NotNegative(status.ObservedGeneration);
        place.At("updatedNumberScheduled").NotNegative(status.UpdatedNumberScheduled);
        place.At("numberAvailable").NotNegative(status.NumberAvailable);
        place.At("numberUnavailable").NotNegative(status.NumberUnavailable);
        WorkloadStatusRules.Collisions(status.CollisionCount, current.Status?.CollisionCount, place);
    }

    public void Warn(V1DaemonSet next, V1DaemonSet? current, IList<string> warnings)
    {
        WorkloadWarnings.Template(next.Spec?.Template, "spec.template", (next.Metadata, current?.Metadata), warnings);
    }

    private static void Strategy(V1DaemonSetUpdateStrategy? strategy, FieldErrors errors)
    {
        switch (strategy?.Type)
        {
            case "OnDelete":
                break;
            case "RollingUpdate" when strategy.RollingUpdate is null:
                errors.At("rollingUpdate").Required();
                break;
            case "RollingUpdate":
                RollingUpdate(strategy.RollingUpdate, errors.At("rollingUpdate"));
                break;
            default:
                errors.NotSupported(strategy, "RollingUpdate", "OnDelete");
                break;
        }
    }

    // Either the old pod goes first or the new one comes first.
    private static void RollingUpdate(V1RollingUpdateDaemonSet update, FieldErrors errors)
    {
        RollingUpdateRules.Amount(update.MaxUnavailable, errors.At("maxUnavailable"));
        RollingUpdateRules.AtMostAll(update.MaxUnavailable, errors.At("maxUnavailable"));
        RollingUpdateRules.Amount(update.MaxSurge, errors.At("maxSurge"));
        RollingUpdateRules.AtMostAll(update.MaxSurge, errors.At("maxSurge"));
        var (unavailable, surge) = (!RollingUpdateRules.IsZero(update.MaxUnavailable), !RollingUpdateRules.IsZero(update.MaxSurge));
        if (unavailable && surge)
        {
            errors.At("maxSurge").Invalid(RollingUpdateRules.Shown(update.MaxSurge), "may not be set when maxUnavailable is non-zero");
        }
        else if (!unavailable && !surge)
        {
            errors.At("maxUnavailable").Required("cannot be 0 when maxSurge is 0");
        }
    }
}
