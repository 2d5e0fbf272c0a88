using System.Globalization;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for pods; their spec's are in <see cref="PodSpecRules"/>, those of a change in <see cref="PodUpdateRules"/>.</summary>
internal sealed class PodValidator : IValidator<V1Pod>
{
    private const string DeletionCost = "controller.kubernetes.io/pod-deletion-cost";
    private const string Mirror = "kubernetes.io/config.mirror";

    public void Validate(V1Pod item, FieldErrors errors)
    {
        Always(item, errors);
        if (item.Spec?.EphemeralContainers is { Count: > 0 })
        {
            errors.At("spec").At("ephemeralContainers").Forbidden("cannot be set on create");
        }

        if (!string.IsNullOrEmpty(item.Spec?.NodeName) && item.Spec.SchedulingGates is { Count: > 0 })
        {
            errors.At("spec").At("nodeName").Forbidden("cannot be set until all schedulingGates have been cleared");
        }
    }

    public void ValidateUpdate(V1Pod next, V1Pod current, FieldErrors errors)
    {
        Always(next, errors);
        MirrorStays(next, current, errors.At("metadata").At("annotations"));
        PodUpdateRules.Check(next.Spec ?? new V1PodSpec(), current.Spec ?? new V1PodSpec(), errors.At("spec"));
    }

    public void ValidateSubresource(string subresource, V1Pod next, V1Pod current, FieldErrors errors)
    {
        switch (subresource)
        {
            case "ephemeralcontainers":
                Always(next, errors);
                PodUpdateRules.EphemeralContainers(next.Spec, current.Spec, errors.At("spec").At("ephemeralContainers"));
                break;
            case "resize":
                Always(next, errors);
                PodResizeRules.Check(next.Spec ?? new V1PodSpec(), current.Spec ?? new V1PodSpec(), errors.At("spec"));
                break;
        }
    }

    public void ValidateStatusUpdate(V1Pod next, V1Pod current, FieldErrors errors) => PodStatusRules.Check(next, current, errors.At("status"));

    public void Warn(V1Pod item, IList<string> warnings) => PodWarnings.Add(item.Spec, "spec", warnings);

    private static void Always(V1Pod pod, FieldErrors errors)
    {
        var spec = pod.Spec ?? new V1PodSpec();
        Annotations(pod, spec, errors.At("metadata").At("annotations"));
        PodSpecRules.Check(spec, pod.Metadata?.Name ?? "", errors.At("spec"));
        if (!string.IsNullOrEmpty(spec.ServiceAccountName))
        {
            return;
        }

        for (var v = 0; v < spec.Volumes?.Count; v++)
        {
            for (var s = 0; s < spec.Volumes[v].Projected?.Sources?.Count; s++)
            {
                if (spec.Volumes[v].Projected.Sources[s].ServiceAccountToken is not null)
                {
                    errors.At("spec").At("volumes").At(v).At("projected").At("sources").At(s).At("serviceAccountToken")
                        .Forbidden("must not be specified when serviceAccountName is not set");
                }
            }
        }
    }

    private static void Annotations(V1Pod pod, V1PodSpec spec, FieldErrors errors)
    {
        if (pod.Metadata?.Annotations is not { } annotations)
        {
            return;
        }

        if (annotations.TryGetValue(Mirror, out var mirror) && string.IsNullOrEmpty(spec.NodeName))
        {
            errors.Key(Mirror).Invalid(mirror, "must set spec.nodeName if mirror pod annotation is set");
        }

        if (annotations.TryGetValue(DeletionCost, out var cost)
            && (!int.TryParse(cost, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                || cost != value.ToString(CultureInfo.InvariantCulture)))
        {
            errors.Key(DeletionCost).Invalid(cost, "must be a 32bit integer");
        }
    }

    private static void MirrorStays(V1Pod next, V1Pod current, FieldErrors errors)
    {
        var (was, @is) = (Value(current), Value(next));
        if (was != @is)
        {
            errors.Key(Mirror).Forbidden(was is null ? "may not add mirror pod annotation" : "may not remove or update mirror pod annotation");
        }

        static string? Value(V1Pod pod) => pod.Metadata?.Annotations?.TryGetValue(Mirror, out var value) == true ? value : null;
    }
}
