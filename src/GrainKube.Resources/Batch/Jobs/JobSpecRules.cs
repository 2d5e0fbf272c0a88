using System.Globalization;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Batch.Jobs;

/// <summary>Rules for a job's spec, in a Job or in a CronJob's template.</summary>
internal static class JobSpecRules
{
    private const int MaximumParallelism = 100_000;
    private const int ManyCompletions = 100_000;
    private const int LimitWithManyCompletions = 10_000;
    private const int MaximumManagedBy = 63;

    public static void Check(V1JobSpec spec, FieldErrors errors)
    {
        errors.At("parallelism").NotNegative(spec.Parallelism);
        errors.At("completions").NotNegative(spec.Completions);
        errors.At("activeDeadlineSeconds").NotNegative(spec.ActiveDeadlineSeconds);
        errors.At("backoffLimit").NotNegative(spec.BackoffLimit);
        errors.At("ttlSecondsAfterFinished").NotNegative(spec.TtlSecondsAfterFinished);
        errors.At("backoffLimitPerIndex").NotNegative(spec.BackoffLimitPerIndex);
        errors.At("maxFailedIndexes").NotNegative(spec.MaxFailedIndexes);
        if (spec.MaxFailedIndexes is not null && spec.BackoffLimitPerIndex is null)
        {
            errors.At("backoffLimitPerIndex").Required("when maxFailedIndexes is specified");
        }

        ManagedBy(spec.ManagedBy, errors.At("managedBy"));
        errors.At("completionMode").OneOf(spec.CompletionMode, "NonIndexed", "Indexed");
        if (spec.CompletionMode == "Indexed")
        {
            Indexed(spec, errors);
        }
        else
        {
            NonIndexed(spec, errors);
        }

        PodFailurePolicyRules.Check(spec, errors.At("podFailurePolicy"));
        SuccessPolicyRules.Check(spec, errors.At("successPolicy"));
        Replacement(spec, errors.At("podReplacementPolicy"));
        PodTemplateRules.Check(spec.Template, errors.At("template"));
        RestartPolicy(spec, errors.At("template").At("spec").At("restartPolicy"));
    }

    private static void Indexed(V1JobSpec spec, FieldErrors errors)
    {
        if (spec.Completions is null)
        {
            errors.At("completions").Required("when completion mode is Indexed");
        }

        AtMost(spec.Parallelism, MaximumParallelism, " when completion mode is Indexed", errors.At("parallelism"));
        if (spec.MaxFailedIndexes > spec.Completions)
        {
            errors.At("maxFailedIndexes").Invalid(spec.MaxFailedIndexes, "must be less than or equal to completions");
        }

        AtMost(spec.MaxFailedIndexes, MaximumParallelism, "", errors.At("maxFailedIndexes"));
        if (spec.Completions > ManyCompletions && spec.BackoffLimitPerIndex is not null)
        {
            if (spec.MaxFailedIndexes is null)
            {
                errors.At("maxFailedIndexes").Required($"must be specified when completions is above {ManyCompletions}");
            }

            var why = $" when completions are above {ManyCompletions} and used with backoff limit per index";
            AtMost(spec.Parallelism, LimitWithManyCompletions, why, errors.At("parallelism"));
            AtMost(spec.MaxFailedIndexes, LimitWithManyCompletions, why, errors.At("maxFailedIndexes"));
        }
    }

    private static void NonIndexed(V1JobSpec spec, FieldErrors errors)
    {
        if (spec.BackoffLimitPerIndex is { } limit)
        {
            errors.At("backoffLimitPerIndex").Invalid(limit, "requires indexed completion mode");
        }

        if (spec.MaxFailedIndexes is { } failed)
        {
            errors.At("maxFailedIndexes").Invalid(failed, "requires indexed completion mode");
        }
    }

    private static void AtMost(int? value, int maximum, string why, FieldErrors errors)
    {
        if (value > maximum)
        {
            errors.Invalid(value, string.Create(CultureInfo.InvariantCulture, $"must be less than or equal to {maximum}{why}"));
        }
    }

    private static void ManagedBy(string? value, FieldErrors errors)
    {
        if (value is null)
        {
            return;
        }

        if (value.Length == 0)
        {
            errors.Required();
        }
        else if (value.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 && slash < value.Length - 1)
        {
            errors.Report(value[..slash], NameRules.DnsSubdomain(value[..slash]));
            if (!value[(slash + 1)..].All(c => char.IsAsciiLetterOrDigit(c) || "/-._~%!$&'()*+,;=:".Contains(c)))
            {
                errors.Invalid(value[(slash + 1)..], "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')");
            }
        }
        else
        {
            errors.Invalid(value, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        }

        if (value.Length > MaximumManagedBy)
        {
            errors.TooLong(MaximumManagedBy);
        }
    }

    private static void Replacement(V1JobSpec spec, FieldErrors errors)
    {
        if (spec.PodFailurePolicy is not null)
        {
            errors.OneOf(spec.PodReplacementPolicy, "Failed");
        }
        else
        {
            errors.OneOf(spec.PodReplacementPolicy, "Failed", "TerminatingOrFailed");
        }
    }

    private static void RestartPolicy(V1JobSpec spec, FieldErrors errors)
    {
        switch (spec.Template?.Spec?.RestartPolicy)
        {
            case null or "" or "Always":
                errors.Required("valid values: \"OnFailure\", \"Never\"");
                break;
            case "OnFailure" when spec.PodFailurePolicy is not null:
                errors.Invalid("OnFailure", "only \"Never\" is supported when podFailurePolicy is specified");
                break;
            case "OnFailure" or "Never":
                break;
            case var other:
                errors.NotSupported(other, "OnFailure", "Never");
                break;
        }
    }
}
