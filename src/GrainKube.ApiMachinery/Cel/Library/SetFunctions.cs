using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>Lists taken as sets.</summary>
internal static class SetFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Global("sets.contains", "list(A), list(A) -> bool", static a => TooMany(a) ?? CelValue.Of(Holds(a[0], a[1])));
        table.Global("sets.equivalent", "list(A), list(A) -> bool", static a => TooMany(a) ?? CelValue.Of(Holds(a[0], a[1]) && Holds(a[1], a[0])));
        table.Global("sets.intersects", "list(A), list(A) -> bool", static a =>
        {
            var other = a[1].AsList;
            return TooMany(a) ?? CelValue.Of(ListFunctions.Elements(a[0].AsList).Any(e => ListFunctions.Elements(other).Any(o => o.Is(e))));
        });

        // Priced like cel-go: a walk over one list for each element of the other.
        table.Costs(static (a, _) => 1 + (Costs.Size(a[0]) * Costs.Size(a[1])), "sets.contains", "sets.intersects");
        table.Costs(static (a, _) => 1 + (Costs.Size(a[0]) * Costs.Size(a[1]) * 2), "sets.equivalent");
    }

    /// <summary>The price is known before the work is done.</summary>
    private static CelValue? TooMany(ReadOnlySpan<CelValue> a) => Costs.Size(a[0]) * Costs.Size(a[1]) > CelBudget.PerCall ? CelValue.Of(CelError.Budget) : null;

    private static bool Holds(CelValue list, CelValue sub) =>
        ListFunctions.Elements(sub.AsList).All(s => ListFunctions.Elements(list.AsList).Any(e => e.Is(s)));
}
