using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Evaluation;

/// <summary>Selecting from an optional selects from what it holds, and the answer is optional, too.</summary>
internal static class OptionalOperand
{
    /// <summary>Takes a value out of its optional; says in <paramref name="optional"/> that there was one. False: it was empty.</summary>
    public static bool Open(ref CelValue value, ref bool optional)
    {
        if (value.Kind != CelKind.Optional)
        {
            return true;
        }

        optional = true;
        return value.TryOptional(out value);
    }
}
