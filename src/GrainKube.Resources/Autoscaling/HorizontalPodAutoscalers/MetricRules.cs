using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Autoscaling.HorizontalPodAutoscalers;

/// <summary>Rules for <c>spec.metrics</c>.</summary>
internal static class MetricRules
{
    private static readonly string[] Types = ["ContainerResource", "External", "Object", "Pods", "Resource"];

    public static void Check(IList<V2MetricSpec> metrics, FieldErrors errors)
    {
        for (var i = 0; i < metrics.Count; i++)
        {
            var (metric, place) = (metrics[i], errors.At(i));
            if (string.IsNullOrEmpty(metric.Type))
            {
                place.At("type").Required("must specify a metric source type");
                continue;
            }

            if (!Types.Contains(metric.Type))
            {
                place.At("type").NotSupported(metric.Type, Types);
                continue;
            }

            var (field, source, target) = metric.Type switch
            {
                "Resource" => ("resource", (object?)metric.Resource, metric.Resource?.Target),
                "ContainerResource" => ("containerResource", metric.ContainerResource, metric.ContainerResource?.Target),
                "Pods" => ("pods", metric.Pods, metric.Pods?.Target),
                "Object" => ("object", metric.ObjectProperty, metric.ObjectProperty?.Target),
                _ => ("external", metric.External, metric.External?.Target),
            };
            if (source is null)
            {
                place.At(field).Required("must populate information for the given metric source");
                continue;
            }

            if (metric.Type is "Resource" or "ContainerResource")
            {
                Resource(metric, target, place.At(field));
            }
        }
    }

    private static void Resource(V2MetricSpec metric, V2MetricTarget? target, FieldErrors errors)
    {
        errors.At("name").MustBeSet(metric.Resource?.Name ?? metric.ContainerResource?.Name, "must specify a resource name");
        if (metric.Type == "ContainerResource")
        {
            errors.At("container").MustBeSet(metric.ContainerResource?.Container, "must specify a container");
        }

        if (string.IsNullOrEmpty(target?.Type))
        {
            errors.At("target").At("type").Required("must specify a metric target type");
        }
        else if (target.Type is not ("Utilization" or "Value" or "AverageValue"))
        {
            errors.At("target").At("type").Invalid(target.Type, "must be either Utilization, Value, or AverageValue");
        }

        if (target?.AverageUtilization < 1)
        {
            errors.At("target").At("averageUtilization").Invalid(target.AverageUtilization, "must be greater than 0");
        }

        if (target?.AverageUtilization is null && target?.AverageValue is null)
        {
            errors.At("target").At("averageUtilization").Required("must set either a target raw value or a target utilization");
        }

        if (target?.AverageUtilization is not null && target.AverageValue is not null)
        {
            errors.At("target").At("averageValue").Forbidden("may not set both a target raw value and a target utilization");
        }
    }
}
