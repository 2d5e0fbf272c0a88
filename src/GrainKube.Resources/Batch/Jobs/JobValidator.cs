using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Apps;
using GrainKube.Resources.Core.Pods;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.Batch.Jobs;

internal sealed class JobValidator : IValidator<V1Job>
{
    private static readonly string[] SchedulingFields = ["nodeSelector", "tolerations", "schedulingGates"];

    public void Validate(V1Job item, FieldErrors errors)
    {
        var spec = item.Spec ?? new V1JobSpec();
        GeneratedSelector(item, errors);
        Spec(spec, errors.At("spec"));
        if (spec is { CompletionMode: "Indexed", Completions: > 0 })
        {
            // The controller appends the index to make the host name of the pod.
            var longest = string.Create(CultureInfo.InvariantCulture, $"{item.Metadata.Name}-{spec.Completions - 1}");
            if (NameRules.DnsLabel(longest).Count > 0)
            {
                errors.At("metadata").At("name").Invalid(item.Metadata.Name, $"will not able to create pod with invalid DNS label: {longest}");
            }
        }
    }

    public void ValidateUpdate(V1Job next, V1Job current, FieldErrors errors)
    {
        var (spec, before) = (next.Spec ?? new V1JobSpec(), current.Spec ?? new V1JobSpec());
        var place = errors.At("spec");
        GeneratedSelector(next, errors);
        Spec(spec, place);
        Completions(spec, before, place.At("completions"));
        Same(spec.Selector, before.Selector, place.At("selector"));
        Template(next, current, place.At("template"));
        place.At("completionMode").Immutable(spec.CompletionMode, before.CompletionMode);
        Same(spec.PodFailurePolicy, before.PodFailurePolicy, place.At("podFailurePolicy"));
        place.At("backoffLimitPerIndex").Immutable(spec.BackoffLimitPerIndex, before.BackoffLimitPerIndex);
        place.At("managedBy").Immutable(spec.ManagedBy, before.ManagedBy);
        Same(spec.SuccessPolicy, before.SuccessPolicy, place.At("successPolicy"));
    }

    public void ValidateStatusUpdate(V1Job next, V1Job current, FieldErrors errors) => JobStatusRules.Check(next, current, errors.At("status"));

    public void Warn(V1Job next, V1Job? current, IList<string> warnings)
    {
        WorkloadWarnings.Name(next.Metadata, current, warnings);
        JobWarnings.Add(next.Spec, "spec", (next.Metadata, current?.Metadata), warnings);
    }

    private static void Spec(V1JobSpec spec, FieldErrors errors)
    {
        JobSpecRules.Check(spec, errors);
        if (spec.Selector is null)
        {
            errors.At("selector").Required();
        }

        LabelSelectorRules.Check(spec.Selector, errors.At("selector"));
        var labels = spec.Template?.Metadata?.Labels ?? new Dictionary<string, string>();

        // No selector selects nothing.
        if (spec.Selector is null || (WorkloadSelectorRules.IsReadable(spec.Selector) && !LabelSelector.From(spec.Selector).Matches(new Dictionary<string, string>(labels))))
        {
            errors.At("template").At("metadata").At("labels").Invalid(labels, "`selector` does not match template `labels`");
        }
    }

    private static void GeneratedSelector(V1Job item, FieldErrors errors)
    {
        if (item.Spec is not { ManualSelector: not true, Selector: { } selector })
        {
            return;
        }

        var expected = new Dictionary<string, string>
        {
            [JobNames.LegacyControllerUid] = item.Metadata.Uid,
            [JobNames.LegacyJobName] = item.Metadata.Name,
            [JobNames.ControllerUid] = item.Metadata.Uid,
            [JobNames.JobName] = item.Metadata.Name,
        };
        var labels = item.Spec.Template?.Metadata?.Labels ?? new Dictionary<string, string>();
        var place = errors.At("spec").At("template").At("metadata").At("labels");
        foreach (var (key, value) in expected)
        {
            if (!labels.TryGetValue(key, out var found))
            {
                place.Key(key).Required($"must be '{value}'");
            }
            else if (found != value)
            {
                place.Key(key).Invalid(found, $"must be '{value}'");
            }
        }

        if (WorkloadSelectorRules.IsReadable(selector) && !LabelSelector.From(selector).Matches(expected))
        {
            errors.At("spec").At("selector").Invalid(selector, "`selector` not auto-generated");
        }
    }

    private static void Completions(V1JobSpec next, V1JobSpec current, FieldErrors errors)
    {
        if (next.CompletionMode != "Indexed")
        {
            errors.Immutable(next.Completions, current.Completions);
        }
        else if (next.Completions is not null && next.Completions != current.Completions && next.Completions != next.Parallelism)
        {
            errors.Invalid(next.Completions, "can only be modified in tandem with spec.parallelism");
        }
    }

    /// <summary>The template never changes, but for where its pods may run and what they ask for while the job is suspended and has not run yet.</summary>
    private static void Template(V1Job next, V1Job current, FieldErrors errors)
    {
        var (changed, before) = (Node(next.Spec?.Template), Node(current.Spec?.Template));
        var suspended = current.Spec?.Suspend == true && next.Spec?.Suspend is not null
            && (current.Status?.StartTime is null || IsSuspended(current)) && (current.Status?.Active ?? 0) == 0;
        if (suspended)
        {
            MakeAlike(changed, before);
        }

        if (!JsonNode.DeepEquals(changed, before))
        {
            errors.Invalid(next.Spec?.Template, "field is immutable");
        }
    }

    private static void MakeAlike(JsonObject changed, JsonObject before)
    {
        foreach (var field in SchedulingFields)
        {
            before.Ensure("spec").CarryOver(field, changed.Object("spec"));
        }

        foreach (var field in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            before.Ensure("metadata").CarryOver(field, changed.Ensure("metadata"));
        }

        foreach (var list in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            foreach (var (old, now) in before.Object("spec").Objects(list).Zip(changed.Object("spec").Objects(list)))
            {
                old.CarryOver("resources", now);
            }
        }

        var (oldAffinity, newAffinity) = (before.Ensure("spec").Ensure("affinity"), changed.Ensure("spec").Ensure("affinity"));
        oldAffinity.CarryOver("nodeAffinity", newAffinity);
    }

    private static bool IsSuspended(V1Job job) => job.Status?.Conditions?.Any(c => c is { Type: "Suspended", Status: "True" }) == true;

    private static JsonObject Node(object? value) => value is null ? [] : (JsonObject)JsonNode.Parse(KubernetesJson.Serialize(value))!;

    private static void Same<T>(T? next, T? current, FieldErrors errors) where T : class
    {
        if (!JsonNode.DeepEquals(Node(next), Node(current)))
        {
            errors.Invalid(next, "field is immutable");
        }
    }
}
