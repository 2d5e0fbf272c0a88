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

    /// <summary>An event lives in the namespace of what it is about; those about the cluster live in <c>default</c>.</summary>
    private static void Place(Corev1Event item, FieldErrors errors)
    {
        var about = item.InvolvedObject?.NamespaceProperty ?? "";
        var home = item.Metadata?.NamespaceProperty ?? "";
        if (about.Length == 0 ? item.EventTime is not null && home is not ("default" or "kube-system") : about != home)
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
