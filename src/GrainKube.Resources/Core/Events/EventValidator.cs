using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Events;

/// <summary>Events are checked lightly when they come in the old style, more strictly when they carry an <c>eventTime</c>.</summary>
internal sealed class EventValidator : IValidator<Corev1Event>
{
    public void Validate(Corev1Event item, FieldErrors errors)
    {
        Place(item, errors.At("involvedObject").At("namespace"));
        if (item.EventTime is null)
        {
            return;
        }

        var controller = item.ReportingComponent ?? "";
        errors.At("reportingController").MustBeSet(controller);
        errors.At("reportingController").Report(controller, NameRules.LabelKey(controller));
        Bounded(item.ReportingInstance, errors.At("reportingInstance"));
        Bounded(item.Action, errors.At("action"));
        Bounded(item.Reason, errors.At("reason"));
        if (item.Message?.Length > 1024)
        {
            errors.At("message").Invalid("", "can have at most 1024 characters");
        }
    }

    /// <summary>What is asked of events that are made through <c>events.k8s.io</c>.</summary>
    public static void ValidateNewStyle(Corev1Event item, FieldErrors errors)
    {
        var name = item.Metadata?.Name ?? "";
        errors.At("metadata").At("name").Report(name, NameRules.DnsSubdomain(name));
        Series(item, errors);
        if (item.EventTime is null)
        {
            errors.At("eventTime").Required();
        }

        if (item.Type is not ("Normal" or "Warning"))
        {
            errors.At("type").Invalid("", $"has invalid value: {item.Type}");
        }

        Unset(item.FirstTimestamp is not null, errors.At("firstTimestamp"));
        Unset(item.LastTimestamp is not null, errors.At("lastTimestamp"));
        Unset(item.Count is not (null or 0), errors.At("count"));
        Unset(item.Source is { } source && (source.Component + source.Host).Length > 0, errors.At("source"));
    }

    private static void Series(Corev1Event item, FieldErrors errors)
    {
        if (item.Series is not { } series)
        {
            return;
        }

        if (series.Count is null or < 2)
        {
            errors.At("series").At("count").Invalid("", "should be at least 2");
        }

        if (series.LastObservedTime is null)
        {
            errors.At("series").At("lastObservedTime").Required();
        }
    }

    private static void Unset(bool isSet, FieldErrors errors)
    {
        if (isSet)
        {
            errors.Invalid("", "needs to be unset");
        }
    }

    /// <summary>An event lives in the namespace of what it is about, those about the cluster in <c>default</c>; one in the newer style may be about something elsewhere.</summary>
    private static void Place(Corev1Event item, FieldErrors errors)
    {
        var about = item.InvolvedObject?.NamespaceProperty ?? "";
        var home = item.Metadata?.NamespaceProperty ?? "";
        var isOld = item.EventTime is null;
        if (about.Length > 0 ? isOld && about != home : home != "default" && (isOld || home != "kube-system"))
        {
            errors.Invalid(about, "does not match event.namespace");
        }
    }

    private static void Bounded(string? value, FieldErrors errors)
    {
        errors.MustBeSet(value);
        if (value?.Length > 128)
        {
            errors.Invalid("", "can have at most 128 characters");
        }
    }
}
