using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Autoscaling.HorizontalPodAutoscalers;

/// <summary>Rules for <c>spec.metrics</c>. Of a metric that has several sources only the first is looked into, and those that its type does not name are refused.</summary>
internal static class MetricRules
{
    private static readonly string[] Types = ["ContainerResource", "External", "Object", "Pods", "Resource"];

    public static void Check(IList<V2MetricSpec> metrics, FieldErrors errors)
    {
        for (var i = 0; i < metrics.Count; i++)
        {
            Metric(metrics[i], errors.At(i));
        }
    }

    private static void Metric(V2MetricSpec metric, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(metric.Type))
        {
            errors.At("type").Required("must specify a metric source type");
        }

        var isKnown = Types.Contains(metric.Type);
        if (!isKnown)
        {
            errors.At("type").NotSupported(metric.Type ?? "", Types);
        }

        var sources = Sources(metric).ToList();
        if (sources.Count > 0)
        {
            sources[0].Check(errors.At(sources[0].Field));
        }

        var expected = isKnown ? char.ToLowerInvariant(metric.Type![0]) + metric.Type[1..] : "";
        if (isKnown && sources.All(s => s.Field != expected))
        {
            errors.At(expected).Required("must populate information for the given metric source");
        }

        if (sources.Count > 1)
        {
            foreach (var (field, _) in sources.Where(s => s.Field != expected))
            {
                errors.At(field).Forbidden("must populate the given metric source only");
            }
        }
    }

    private static IEnumerable<(string Field, Action<FieldErrors> Check)> Sources(V2MetricSpec metric)
    {
        if (metric.ObjectProperty is { } item)
        {
            yield return ("object", errors => MetricSourceRules.Object(item, errors));
        }

        if (metric.External is { } external)
        {
            yield return ("external", errors => MetricSourceRules.External(external, errors));
        }

        if (metric.Pods is { } pods)
        {
            yield return ("pods", errors => MetricSourceRules.Pods(pods, errors));
        }

        if (metric.Resource is { } resource)
        {
            yield return ("resource", errors => MetricSourceRules.Resource(resource.Name, resource.Target, errors));
        }

        if (metric.ContainerResource is { } container)
        {
            yield return ("containerResource", errors => MetricSourceRules.ContainerResource(container, errors));
        }
    }
}
