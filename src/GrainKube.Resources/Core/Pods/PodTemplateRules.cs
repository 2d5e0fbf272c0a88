using GrainKube.ApiMachinery.Selectors;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Apps;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for the template of pods inside a workload of any kind.</summary>
internal static class PodTemplateRules
{
    public static void Check(V1PodTemplateSpec? template, FieldErrors errors)
    {
        CheckMetadata(template, errors);
        PodSpecRules.Check(template?.Spec ?? new V1PodSpec { TerminationGracePeriodSeconds = 30, RestartPolicy = "Always", DnsPolicy = "ClusterFirst" }, podName: null, errors.At("spec"));
        if (template?.Spec?.EphemeralContainers is { Count: > 0 })
        {
            errors.At("spec").At("ephemeralContainers").Forbidden("ephemeral containers not allowed in pod template");
        }
    }

    private static void CheckMetadata(V1PodTemplateSpec? template, FieldErrors errors)
    {
        LabelRules.Labels(template?.Metadata?.Labels, errors.At("labels"));
        LabelRules.Annotations(template?.Metadata?.Annotations, errors.At("annotations"));
    }

    /// <summary>For workloads that keep their pods running: what they select must be what they make, and it restarts always.</summary>
    /// <param name="template">The template after defaulting.</param>
    /// <param name="selector">The selector of the workload, already checked.</param>
    /// <param name="kind">For messages, for example <c>ReplicaSet</c>.</param>
    /// <param name="errors">The place of the template.</param>
    /// <param name="isWhole">False where pods get more than the template says (volumes of a stateful set's claims): their spec is then checked only when they are made, as upstream.</param>
    public static void CheckRunning(V1PodTemplateSpec? template, V1LabelSelector? selector, string kind, FieldErrors errors, bool isWhole = true)
    {
        var labels = template?.Metadata?.Labels ?? new Dictionary<string, string>();
        if (selector is null || WorkloadSelectorRules.IsReadable(selector))
        {
            var wanted = LabelSelector.From(selector);
            if (!wanted.IsEverything && !wanted.Matches(new Dictionary<string, string>(labels)))
            {
                errors.At("metadata").At("labels").Invalid(labels, "`selector` does not match template `labels`");
            }
        }

        if (isWhole)
        {
            Check(template, errors);
        }
        else
        {
            CheckMetadata(template, errors);
        }

        if (template?.Spec?.RestartPolicy is { } policy && policy != "Always")
        {
            errors.At("spec").At("restartPolicy").NotSupported(policy, "Always");
        }

        if (template?.Spec?.ActiveDeadlineSeconds is not null)
        {
            errors.At("spec").At("activeDeadlineSeconds").Forbidden($"activeDeadlineSeconds in {kind} is not Supported");
        }
    }
}
