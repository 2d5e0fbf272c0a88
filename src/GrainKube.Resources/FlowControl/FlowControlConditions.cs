using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.FlowControl;

/// <summary>Conditions of these kinds need a type, and each type stands once.</summary>
internal static class FlowControlConditions
{
    public static void Check(IEnumerable<string?> types, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var type in types)
        {
            var place = errors.At(index++).At("type");
            if (!seen.Add(type ?? ""))
            {
                place.Duplicate(type ?? "");
            }

            place.MustBeSet(type, "must not be empty");
        }
    }
}
