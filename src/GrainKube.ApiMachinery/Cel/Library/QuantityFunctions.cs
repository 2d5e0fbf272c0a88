using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Quantities;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>Kubernetes' quantities.</summary>
internal static class QuantityFunctions
{
    private const string Q = "kubernetes.Quantity";

    public static void AddTo(FunctionTable table)
    {
        table.Global("quantity", $"string -> {Q}", static a => Quantity.TryParse(a[0].AsString, out var value, out var complaint) ? Of(value) : CelValue.Fail(complaint));
        table.Global("isQuantity", "string -> bool", static a => CelValue.Of(Quantity.TryParse(a[0].AsString, out _, out _)));
        table.Member("sign", $"{Q} -> int", static a => CelValue.Of((long)In(a[0]).Sign));
        table.Global("sign", $"{Q} -> int", static a => CelValue.Of((long)In(a[0]).Sign));
        table.Member("isGreaterThan", $"{Q}, {Q} -> bool", static a => CelValue.Of(In(a[0]).CompareTo(In(a[1])) > 0));
        table.Member("isLessThan", $"{Q}, {Q} -> bool", static a => CelValue.Of(In(a[0]).CompareTo(In(a[1])) < 0));
        table.Member("compareTo", $"{Q}, {Q} -> int", static a => CelValue.Of((long)Math.Sign(In(a[0]).CompareTo(In(a[1])))));
        table.Member("asApproximateFloat", $"{Q} -> double", static a => CelValue.Of((In(a[0]).Value - 0.0) is var whole && In(a[0]).IsWhole ? whole : In(a[0]).MilliValue / 1000.0));
        table.Member("asInteger", $"{Q} -> int", static a => In(a[0]).IsWhole ? CelValue.Of(In(a[0]).Value) : CelValue.Fail("cannot convert value to integer"));
        table.Member("isInteger", $"{Q} -> bool", static a => CelValue.Of(In(a[0]).IsWhole));
        table.Member("add", $"{Q}, {Q} -> {Q}", static a => Of(In(a[0]) + In(a[1])));
        table.Member("add", $"{Q}, int -> {Q}", static a => Of(In(a[0]) + Quantity.FromUnits(a[1].AsInt)));
        table.Member("sub", $"{Q}, {Q} -> {Q}", static a => Of(In(a[0]) - In(a[1])));
        table.Member("sub", $"{Q}, int -> {Q}", static a => Of(In(a[0]) - Quantity.FromUnits(a[1].AsInt)));
        table.Costs(static (a, _) => Costs.Scan(Costs.Size(a[0])), "quantity", "isQuantity");
    }

    private static Quantity In(CelValue value) => ((CelQuantity)value.AsOpaque).Quantity;

    private static CelValue Of(Quantity quantity) => CelValue.Of(new CelQuantity(quantity));

    private sealed class CelQuantity(Quantity quantity) : CelOpaque
    {
        private static readonly CelType QuantityType = CelType.Opaque(Q);

        public Quantity Quantity => quantity;

        public override CelType Type => QuantityType;

        public override bool Same(CelOpaque other) => other is CelQuantity same && same.Quantity.CompareTo(quantity) == 0;

        public override string ToString() => quantity.ToString();
    }
}
