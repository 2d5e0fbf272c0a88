using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Evaluation;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>The operators and what they may stand between.</summary>
internal static class Operators
{
    private static readonly string[] Ordered = ["bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration"];
    private static readonly string[] Numbers = ["int", "uint", "double"];

    /// <summary>An operator of two operands as a plain function, or null where the name is none.</summary>
    public static Func<CelValue, CelValue, CelValue>? Binary(string name) => name switch
    {
        "_+_" => Arithmetic.Add,
        "_-_" => Arithmetic.Subtract,
        "_*_" => Arithmetic.Multiply,
        "_/_" => Arithmetic.Divide,
        "_%_" => Arithmetic.Modulo,
        "_==_" => static (a, b) => CelValue.Of(a.Is(b)),
        "_!=_" => static (a, b) => CelValue.Of(!a.Is(b)),
        "_<_" => static (a, b) => Ranked(a, b, static order => order < 0),
        "_<=_" => static (a, b) => Ranked(a, b, static order => order <= 0),
        "_>_" => static (a, b) => Ranked(a, b, static order => order == 1),
        "_>=_" => static (a, b) => Ranked(a, b, static order => order is 0 or 1),
        "@in" => In,
        _ => null,
    };

    public static void AddTo(FunctionTable table)
    {
        foreach (var op in new[] { "_<_", "_<=_", "_>_", "_>=_" })
        {
            string[] signatures =
            [
                .. Ordered.Select(t => $"{t}, {t} -> bool"),
                .. Numbers.SelectMany(a => Numbers.Where(b => a != b).Select(b => $"{a}, {b} -> bool")),
            ];
            Declare(table, op, signatures);
        }

        Declare(table, "_==_", "A, A -> bool");
        Declare(table, "_!=_", "A, A -> bool");
        Declare(table, "@in", "A, list(A) -> bool", "A, map(A, B) -> bool");
        string[] numeric = [.. Numbers.Select(t => $"{t}, {t} -> {t}")];
        Declare(table, "_*_", numeric);
        Declare(table, "_/_", numeric);
        Declare(table, "_%_", "int, int -> int", "uint, uint -> uint");
        Declare(table, "_-_", [.. numeric, "timestamp, timestamp -> duration", "timestamp, duration -> timestamp", "duration, duration -> duration"]);
        Declare(
            table,
            "_+_",
            [
                .. numeric, "string, string -> string", "bytes, bytes -> bytes", "list(A), list(A) -> list(A)",
                "timestamp, duration -> timestamp", "duration, timestamp -> timestamp", "duration, duration -> duration",
            ]);
        table.Operator("-_", static a => Arithmetic.Negate(a[0]), "int -> int", "double -> double", "duration -> duration");
        table.Operator("!_", static a => a[0].Kind == CelKind.Bool ? CelValue.Of(!a[0].AsBool) : CelValue.Of(CelError.NoOverload), "bool -> bool");
        table.Costs(static (a, _) => Costs.Scan(Math.Min(Costs.Size(a[0]), Costs.Size(a[1]))), "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_");
        table.Costs(static (a, _) => a[0].Kind is CelKind.String or CelKind.Bytes ? Costs.Scan(Costs.Size(a[0]) + Costs.Size(a[1])) : 1, "_+_");
        table.Costs(static (a, _) => a[1].Kind == CelKind.List ? Math.Max(1, a[1].AsList.Count) : 1, "@in");
    }

    private static void Declare(FunctionTable table, string name, params string[] signatures)
    {
        var body = Binary(name)!;
        table.Operator(name, a => body(a[0], a[1]), signatures);
    }

    private static CelValue Ranked(CelValue a, CelValue b, Func<int, bool> holds) => Comparison.Order(a, b) switch
    {
        null => CelValue.Of(CelError.NoOverload),
        2 => CelValue.False,
        var order => CelValue.Of(holds(Math.Sign(order.Value))),
    };

    private static CelValue In(CelValue value, CelValue container)
    {
        switch (container.Kind)
        {
            case CelKind.Map:
                return CelValue.Of(container.AsMap.TryGet(value, out _));
            case CelKind.List:
                var list = container.AsList;
                for (var i = 0; i < list.Count; i++)
                {
                    if (list[i].Is(value))
                    {
                        return CelValue.True;
                    }
                }

                return CelValue.False;
            default:
                return CelValue.Of(CelError.NoOverload);
        }
    }
}
