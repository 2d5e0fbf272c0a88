using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for pods; their spec's are in <see cref="PodSpecRules"/>, those of a change in <see cref="PodUpdateRules"/>.</summary>
internal sealed class PodValidator : IValidator<V1Pod>
{
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

        PodAnnotationRules.MatchFields(item, item.Spec ?? new V1PodSpec(), errors.At("spec"));
    }

    public void ValidateUpdate(V1Pod next, V1Pod current, FieldErrors errors)
    {
        Always(next, errors);
        PodAnnotationRules.Stay(next, current, errors.At("metadata").At("annotations"));
        PodUpdateRules.Check(next.Spec ?? new V1PodSpec(), current.Spec ?? new V1PodSpec(), errors.At("spec"));
    }

    public bool HasRulesFor(string subresource) => subresource is "ephemeralcontainers" or "resize";

    public void ValidateSubresource(string subresource, V1Pod next, V1Pod current, FieldErrors errors)
    {
        switch (subresource)
        {
            case "ephemeralcontainers":
                if (!ForbidStatic(current, "static pods do not support ephemeral containers", errors))
                {
                    Always(next, errors);
                    PodAnnotationRules.Stay(next, current, errors.At("metadata").At("annotations"));
                    PodUpdateRules.EphemeralContainers(next.Spec, current.Spec, errors.At("spec").At("ephemeralContainers"));
                }

                break;
            case "resize" when current.Spec?.Os?.Name == "windows":
                errors.At("").Forbidden("windows pods cannot be resized");
                break;
            case "resize":
                if (!ForbidStatic(current, "static pods cannot be resized", errors))
                {
                    Always(next, errors);
                    PodResizeRules.Check(next, current, errors.At("spec"));
                }

                break;
        }
    }

    public void ValidateStatusUpdate(V1Pod next, V1Pod current, FieldErrors errors)
    {
        PodAnnotationRules.Stay(next, current, errors.At("metadata").At("annotations"));
        PodStatusRules.Check(next, current, errors.At("status"));
    }

    public void Warn(V1Pod next, V1Pod? current, IList<string> warnings)
    {
        if (current is null && DnsLabelWarnings.Of(next.Metadata) is { } wrong)
        {
            warnings.Add($"metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: {wrong}");
        }

        PodWarnings.Add(next.Metadata, next.Spec, "", warnings);
    }

    private static void Always(V1Pod pod, FieldErrors errors)
    {
        var spec = pod.Spec ?? new V1PodSpec();
        PodAnnotationRules.Check(pod, spec, errors.At("metadata").At("annotations"));
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

    /// <summary>A node's own pod is not changed through the API.</summary>
    private static bool ForbidStatic(V1Pod current, string why, FieldErrors errors)
    {
        var isStatic = current.Metadata?.Annotations?.ContainsKey(PodAnnotationRules.Mirror) == true;
        if (isStatic)
        {
            errors.At("").Forbidden(why);
        }

        return isStatic;
    }
}
