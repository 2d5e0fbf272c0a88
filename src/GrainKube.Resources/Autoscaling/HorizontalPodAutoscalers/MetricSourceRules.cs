using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Autoscaling.HorizontalPodAutoscalers;

/// <summary>Rules for where a metric comes from and what it shall be.</summary>
internal static class MetricSourceRules
{
    public static void Object(V2ObjectMetricSource source, FieldErrors errors)
    {
        var (described, target) = (errors.At("describedObject"), errors.At("target"));
        described.At("kind").RequiredName(source.DescribedObject?.Kind, NameRules.PathSegment);
        described.At("name").RequiredName(source.DescribedObject?.Name, NameRules.PathSegment);
        Identifier(source.Metric, errors.At("metric"));
        Target(source.Target, target);
        if (source.Target?.Value is null && source.Target?.AverageValue is null)
        {
            target.At("averageValue").Required("must set either a target value or averageValue");
        }
    }

    public static void External(V2ExternalMetricSource source, FieldErrors errors)
    {
        var target = errors.At("target");
        Identifier(source.Metric, errors.At("metric"));
        Target(source.Target, target);
        var (value, average) = (source.Target?.Value, source.Target?.AverageValue);
        if (value is null && average is null)
        {
            target.At("averageValue").Required("must set either a target value for metric or a per-pod target");
        }

        if (value is not null && average is not null)
        {
            target.At("value").Forbidden("may not set both a target value for metric and a per-pod target");
        }
    }

    public static void Pods(V2PodsMetricSource source, FieldErrors errors)
    {
        Identifier(source.Metric, errors.At("metric"));
        Target(source.Target, errors.At("target"));
        if (source.Target?.AverageValue is null || source.Target.AverageValue.ToQuantity().Sign <= 0)
        {
            errors.At("target").At("averageValue").Required("must specify a positive target averageValue");
        }
    }

    public static void ContainerResource(V2ContainerResourceMetricSource source, FieldErrors errors)
    {
        errors.At("container").MustBeSet(source.Container, "must specify a container");
        Resource(source.Name, source.Target, errors);
    }

    public static void Resource(string? name, V2MetricTarget? target, FieldErrors errors)
    {
        errors.At("name").MustBeSet(name, "must specify a resource name");
        Target(target, errors.At("target"));
        if (target?.AverageUtilization is null && target?.AverageValue is null)
        {
            errors.At("target").At("averageUtilization").Required("must set either a target raw value or a target utilization");
        }

        if (target?.AverageUtilization is not null && target.AverageValue is not null)
        {
            errors.At("target").At("averageValue").Forbidden("may not set both a target raw value and a target utilization");
        }
    }

    private static void Identifier(V2MetricIdentifier? metric, FieldErrors errors)
    {
        errors.At("name").MustBeSet(metric?.Name, "must specify a metric name");
        if (metric?.Name is { Length: > 0 } name)
        {
            errors.At("name").Report(name, NameRules.PathSegment(name));
        }
    }

    private static void Target(V2MetricTarget? target, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(target?.Type))
        {
            errors.At("type").Required("must specify a metric target type");
        }

        if (target?.Type is not ("Utilization" or "Value" or "AverageValue"))
        {
            errors.At("type").Invalid(target?.Type ?? "", "must be either Utilization, Value, or AverageValue");
        }

        Positive(target?.Value, errors.At("value"));
        Positive(target?.AverageValue, errors.At("averageValue"));
        if (target?.AverageUtilization < 1)
        {
            errors.At("averageUtilization").Invalid(target.AverageUtilization, "must be greater than 0");
        }
    }

    private static void Positive(ResourceQuantity? amount, FieldErrors errors)
    {
        if (amount is not null && amount.ToQuantity() is { Sign: <= 0 } value)
        {
            errors.Invalid(value.ToString(), "must be positive");
        }
    }
}
