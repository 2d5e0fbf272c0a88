using System.Collections.Concurrent;
using System.Text;
using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources;

/// <summary>Rules for the expressions that choose devices.</summary>
internal static class DeviceSelectorRules
{
    private const int MaximumCount = 32;
    private const int MaximumBytes = 10 * 1024;
    private const int MostKept = 1000;

    private static readonly CelType Attributes = CelType.MapOf(CelType.String, CelType.MapOf(CelType.String, CelType.Dyn));
    private static readonly CelType Capacities = CelType.MapOf(CelType.String, CelType.MapOf(CelType.String, CelType.Opaque("kubernetes.Quantity")));

    private static readonly CelEnvironment Environment = new(
    [
        new("device", CelType.Object("kubernetes.DRADevice", new Dictionary<string, CelType>
        {
            ["driver"] = CelType.String, ["attributes"] = Attributes, ["capacity"] = Capacities, ["allowMultipleAllocations"] = CelType.Bool,
        })),
    ]);

    // Each template's claims bring the same expressions again.
    private static readonly ConcurrentDictionary<string, string> Problems = new(StringComparer.Ordinal);

    /// <param name="selectors">The selectors.</param>
    /// <param name="stored">They are stored already: their expressions were right once.</param>
    /// <param name="errors">Where problems go.</param>
    public static void Check(IList<V1DeviceSelector>? selectors, bool stored, FieldErrors errors) => errors.Each(selectors, MaximumCount, (selector, place) =>
    {
        if (selector.Cel is null)
        {
            place.At("cel").Required();
        }
        else if (!stored)
        {
            Expression(selector.Cel.Expression ?? "", place.At("cel").At("expression"));
        }
    });

    private static void Expression(string expression, FieldErrors errors)
    {
        if (Encoding.UTF8.GetByteCount(expression) > MaximumBytes)
        {
            errors.TooLong(MaximumBytes);
            return;
        }

        if (Problems.Count > MostKept)
        {
            Problems.Clear();
        }

        if (Problems.GetOrAdd(expression, ProblemOf) is { Length: > 0 } problem)
        {
            errors.Invalid(expression, problem);
        }
    }

    private static string ProblemOf(string expression)
    {
        try
        {
            var type = CelProgram.Compile(expression, Environment).Type;
            return type.IsDyn || type.Is(CelType.Bool) ? "" : $"must evaluate to bool or the unknown type, not {type}";
        }
        catch (CelCompileException wrong)
        {
            return $"compilation failed: {wrong.Message}";
        }
    }
}
