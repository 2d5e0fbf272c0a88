using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.Apps;

/// <summary>Rules for the counts in a workload's status.</summary>
internal static class WorkloadStatusRules
{
    public static void Collisions(int? next, int? current, FieldErrors status)
    {
        var place = status.At("collisionCount");
        place.NotNegative(next);
        if ((next ?? 0) < (current ?? 0))
        {
            place.Invalid(next ?? 0, "cannot be decremented");
        }
    }

    /// <summary>Parts of a whole: not negative, not more than it.</summary>
    /// <param name="whole">How many there are.</param>
    /// <param name="name">Name of the field that says so, for example <c>status.replicas</c>.</param>
    /// <param name="status">The place of the status.</param>
    /// <param name="parts">The fields.</param>
    public static void Parts(int whole, string name, FieldErrors status, params ReadOnlySpan<(string Field, int? Count)> parts)
    {
        foreach (var (field, count) in parts)
        {
            status.At(field).NotNegative(count);
            if ((count ?? 0) > whole)
            {
                status.At(field).Invalid(count ?? 0, $"cannot be greater than {name}");
            }
        }
    }
}
