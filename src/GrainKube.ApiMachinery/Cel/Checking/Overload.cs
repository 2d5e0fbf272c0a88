using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Checking;

/// <summary>What a function does; it is given no errors and gives one as a value.</summary>
internal delegate CelValue Implementation(ReadOnlySpan<CelValue> arguments);

/// <summary>What a call costs beyond its arguments.</summary>
internal delegate long CallCost(ReadOnlySpan<CelValue> arguments, CelValue result);

/// <summary>One signature of a function.</summary>
/// <param name="Parameters">The receiver first, where there is one.</param>
/// <param name="Result">What it gives.</param>
/// <param name="Member">Called on its first parameter.</param>
/// <param name="Body">What it does.</param>
/// <param name="ChecksItself">The body looks at the kinds of what it is given.</param>
internal sealed record Overload(IReadOnlyList<CelType> Parameters, CelType Result, bool Member, Implementation Body, bool ChecksItself = false)
{
    /// <summary>The values are of the kinds that the parameters name.</summary>
    public bool Takes(ReadOnlySpan<CelValue> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!Fits(Parameters[i], arguments[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Fits(CelType type, CelValue value) => type.Shape switch
    {
        CelTypeShape.Dyn or CelTypeShape.Parameter => true,
        CelTypeShape.List => value.Kind == CelKind.List,
        CelTypeShape.Map => value.Kind == CelKind.Map,
        CelTypeShape.Optional => value.Kind == CelKind.Optional,
        CelTypeShape.Type => value.Kind == CelKind.Type,
        CelTypeShape.Opaque => value.Kind == CelKind.Opaque && value.AsOpaque.Type.Name == type.Name,
        _ => value.Type.Name == type.Name,
    };
}
