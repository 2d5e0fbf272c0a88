using System.Globalization;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.StorageMigration.StorageVersionMigrations;

/// <summary>Which resource is migrated never changes, and what has come to an end stays so.</summary>
internal sealed class StorageVersionMigrationValidator : IValidator<V1StorageVersionMigration>
{
    public void Validate(V1StorageVersionMigration item, FieldErrors errors) =>
        errors.At("spec").At("resource").At("resource").MustBeSet(item.Spec?.Resource?.Resource, "resource is required");

    public void ValidateUpdate(V1StorageVersionMigration next, V1StorageVersionMigration current, FieldErrors errors)
    {
        Validate(next, errors);
        var (now, before, place) = (next.Spec?.Resource, current.Spec?.Resource, errors.At("spec").At("resource"));
        if ((now?.Group ?? "") != (before?.Group ?? ""))
        {
            place.At("group").Invalid(now?.Group ?? "", "field is immutable");
        }

        if ((now?.Resource ?? "") != (before?.Resource ?? ""))
        {
            place.At("resource").Invalid(now?.Resource ?? "", "field is immutable");
        }
    }

    public void ValidateStatusUpdate(V1StorageVersionMigration next, V1StorageVersionMigration current, FieldErrors errors)
    {
        var (revision, conditions) = (errors.At("status").At("resourceVersion"), errors.At("status").At("conditions"));
        var (now, before) = (next.Status?.ResourceVersion ?? "", current.Status?.ResourceVersion ?? "");
        if (now.Length > 0 && !long.TryParse(now, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            revision.Invalid(now, $"failed to parse resource version \"{now}\"");
        }
        else if (now.StartsWith('-'))
        {
            revision.Invalid(now, "must be greater than or equal to 0");
        }

        ConditionRules.Check(next.Status?.Conditions, conditions);
        if (before.Length > 0 && now != before)
        {
            revision.Invalid(now, "resourceVersion cannot be updated");
        }

        Endings(next, current, conditions);
    }

    private static void Endings(V1StorageVersionMigration next, V1StorageVersionMigration current, FieldErrors errors)
    {
        var (running, succeeded, failed) = (IsTrue(next, "Running"), IsTrue(next, "Succeeded"), IsTrue(next, "Failed"));
        if (succeeded && failed)
        {
            errors.Invalid(next.Status.Conditions, "Both success and failed conditions cannot be true at the same time");
        }

        if (succeeded && running)
        {
            errors.Invalid(next.Status.Conditions, "Running condition cannot be true when success condition is true");
        }

        if (failed && running)
        {
            errors.Invalid(next.Status.Conditions, "Running condition cannot be true when failed condition is true");
        }

        if (IsTrue(current, "Succeeded") && !succeeded)
        {
            errors.Invalid(next.Status?.Conditions, "Success condition cannot be set to false once it is true");
        }

        if (IsTrue(current, "Failed") && !failed)
        {
            errors.Invalid(next.Status?.Conditions, "Failed condition cannot be set to false once it is true");
        }
    }

    private static bool IsTrue(V1StorageVersionMigration item, string type) => item.Status?.Conditions?.Any(c => c.Type == type && c.Status == "True") == true;
}
