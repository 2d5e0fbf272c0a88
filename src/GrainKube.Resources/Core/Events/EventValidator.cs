using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.Core.Events;

/// <summary>Events are checked lightly when they come in the old style, strictly when they carry an <c>eventTime</c>.</summary>
internal sealed class EventValidator : IValidator<Corev1Event>
{
    /// <summary>What the new style never changes; only the series of an event moves.</summary>
    private static readonly string[] Immutable =
        ["involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count", "type", "eventTime", "action", "related", "reportingComponent", "reportingInstance"];

    public void Validate(Corev1Event item, FieldErrors errors)
    {
        Place(item, errors);
        if (item.EventTime is null)
        {
            return;
        }

        errors.At("reportingController").RequiredName(item.ReportingComponent, NameRules.LabelKey);
        Bounded(item.ReportingInstance, 128, errors.At("reportingInstance"));
        Bounded(item.Action, 128, errors.At("action"));
        Bounded(item.Reason, 128, errors.At("reason"));
        if (item.Message?.Length > 1024)
        {
            errors.At("message").Invalid("", "can have at most 1024 characters");
        }

        if (item.Type is not ("Normal" or "Warning"))
        {
            errors.At("type").Invalid(item.Type ?? "", "has invalid value: " + item.Type);
        }
    }

    public void ValidateUpdate(Corev1Event next, Corev1Event current, FieldErrors errors)
    {
        if (next.EventTime is null && current.EventTime is null)
        {
            Place(next, errors);
            return;
        }

        Validate(next, errors);
        var (changed, before) = (Json(next), Json(current));
        foreach (var field in Immutable)
        {
            if (!JsonNode.DeepEquals(changed[field], before[field]))
            {
                errors.At(field).Invalid(changed[field], "field is immutable");
            }
        }
    }

    /// <summary>An event lives in the namespace of what it is about; those about the cluster live in <c>default</c>.</summary>
    private static void Place(Corev1Event item, FieldErrors errors)
    {
        var about = item.InvolvedObject?.NamespaceProperty ?? "";
        var home = item.Metadata?.NamespaceProperty ?? "";
        if (about.Length == 0 ? item.EventTime is not null && home is not ("default" or "kube-system") : about != home)
        {
            errors.At("involvedObject").At("namespace").Invalid(about, "does not match event.namespace");
        }
    }

    private static void Bounded(string? value, int maximum, FieldErrors errors)
    {
        errors.MustBeSet(value);
        if (value?.Length > maximum)
        {
            errors.Invalid("", $"can have at most {maximum} characters");
        }
    }

    private static JsonObject Json(Corev1Event item) => JsonNode.Parse(KubernetesJson.Serialize(item))!.AsObject();
}
