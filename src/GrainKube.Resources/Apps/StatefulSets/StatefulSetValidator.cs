using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Apps.Deployments;
using GrainKube.Resources.Core.PersistentVolumeClaims;
using GrainKube.Resources.Core.Pods;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.Apps.StatefulSets;

internal sealed class StatefulSetValidator : IValidator<V1StatefulSet>
{
    public void Validate(V1StatefulSet item, FieldErrors errors)
    {
        var spec = item.Spec ?? new V1StatefulSetSpec();
        var place = errors.At("spec");
        Policy(spec.PodManagementPolicy, place.At("podManagementPolicy"));
        Strategy(spec.UpdateStrategy, place.At("updateStrategy"));
        Retention(spec.PersistentVolumeClaimRetentionPolicy?.WhenDeleted, place.At("persistentVolumeClaimRetentionPolicy").At("whenDeleted"));
        Retention(spec.PersistentVolumeClaimRetentionPolicy?.WhenScaled, place.At("persistentVolumeClaimRetentionPolicy").At("whenScaled"));
        place.At("replicas").NotNegative(spec.Replicas);
        place.At("minReadySeconds").NotNegative(spec.MinReadySeconds);
        place.At("ordinals").At("start").NotNegative(spec.Ordinals?.Start);
        place.At("revisionHistoryLimit").NotNegative(spec.RevisionHistoryLimit);
        WorkloadSelectorRules.Check(spec.Selector, place.At("selector"), "statefulset");
        PodTemplateRules.CheckRunning(spec.Template, spec.Selector, "StatefulSet", place.At("template"), isWhole: false);
    }

    public void ValidateUpdate(V1StatefulSet next, V1StatefulSet current, FieldErrors errors)
    {
        Validate(next, errors);
        if (Fixed(next.Spec) != Fixed(current.Spec))
        {
            errors.At("spec").Forbidden(
                "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
                + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
        }
    }

    public void ValidateStatusUpdate(V1StatefulSet next, V1StatefulSet current, FieldErrors errors)
    {
        var status = next.Status ?? new V1StatefulSetStatus();
        var place = errors.At("status");
        place.At("replicas").NotNegative(status.Replicas);
        place.At("observedGeneration").NotNegative(status.ObservedGeneration);
        WorkloadStatusRules.Collisions(status.CollisionCount, current.Status?.CollisionCount, place);
        WorkloadStatusRules.Parts(
            status.Replicas,
            "status.replicas",
            place,
            ("readyReplicas", status.ReadyReplicas),
            ("currentReplicas", status.CurrentReplicas),
            ("updatedReplicas", status.UpdatedReplicas),
            ("availableReplicas", status.AvailableReplicas));
        if (status.AvailableReplicas > (status.ReadyReplicas ?? 0))
        {
            place.At("availableReplicas").Invalid(status.AvailableReplicas, "cannot be greater than status.readyReplicas");
        }
    }

    public void Warn(V1StatefulSet next, V1StatefulSet? current, IList<string> warnings)
    {
        WorkloadWarnings.Template(next.Spec?.Template, "spec.template", (next.Metadata, current?.Metadata), warnings);
        for (var i = 0; i < next.Spec?.VolumeClaimTemplates?.Count; i++)
        {
            ClaimWarnings.Spec(next.Spec.VolumeClaimTemplates[i].Spec, $"spec.volumeClaimTemplates[{i}]", warnings);
        }

        if (next.Spec?.RevisionHistoryLimit < 0)
        {
            warnings.Add("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended");
        }
    }

    private static void Policy(string? policy, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(policy))
        {
            errors.Required();
        }
        else if (policy is not ("OrderedReady" or "Parallel"))
        {
            errors.Invalid(policy, "must be 'OrderedReady' or 'Parallel'");
        }
    }

    private static void Strategy(V1StatefulSetUpdateStrategy? strategy, FieldErrors errors)
    {
        switch (strategy?.Type)
        {
            case null or "":
                errors.Required();
                break;
            case "OnDelete":
                if (strategy.RollingUpdate is not null)
                {
                    errors.At("rollingUpdate").Invalid(strategy.RollingUpdate, "only allowed for updateStrategy 'RollingUpdate'");
                }

                break;
            case "RollingUpdate":
                errors.At("rollingUpdate").At("partition").NotNegative(strategy.RollingUpdate?.Partition);
                Unavailable(strategy.RollingUpdate?.MaxUnavailable, errors.At("rollingUpdate").At("maxUnavailable"));
                break;
            default:
                errors.Invalid(strategy, "must be 'RollingUpdate' or 'OnDelete'");
                break;
        }
    }

    private static void Unavailable(IntOrString? value, FieldErrors errors)
    {
        if (value?.Value is null)
        {
            return;
        }

        RollingUpdateRules.Amount(value, errors);
        if (RollingUpdateRules.IsZero(value))
        {
            errors.Invalid(RollingUpdateRules.Shown(value), "cannot be 0");
        }

        RollingUpdateRules.AtMostAll(value, errors);
    }

    private static void Retention(string? policy, FieldErrors errors)
    {
        if (policy is not (null or "Retain" or "Delete"))
        {
            errors.NotSupported(policy, "Retain", "Delete");
        }
    }

    // What may not change, as text.
    private static string Fixed(V1StatefulSetSpec? spec) => KubernetesJson.Serialize(new V1StatefulSetSpec
    {
        ServiceName = spec?.ServiceName,
        PodManagementPolicy = spec?.PodManagementPolicy,
        Selector = spec?.Selector,
        VolumeClaimTemplates = spec?.VolumeClaimTemplates,
        Template = null,
    });
}
