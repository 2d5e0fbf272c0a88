using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Evaluation;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>Functions of lists, Kubernetes' and cel-go's.</summary>
internal static class ListFunctions
{
    /// <summary>NaN, which has no place, must not confuse a stable merge.</summary>
    internal static readonly IComparer<CelValue> ByOrder = Comparer<CelValue>.Create(static (a, b) => Comparison.Order(a, b) is { } order and not 2 ? order : 0);

    private static readonly string[] Ordered = ["int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes"];

    public static void AddTo(FunctionTable table)
    {
        foreach (var type in Ordered)
        {
            table.Member("isSorted", $"list({type}) -> bool", static a => IsSorted(a[0].AsList));
            table.Member("min", $"list({type}) -> {type}", static a => Extreme(a[0].AsList, -1, "min"));
            table.Member("max", $"list({type}) -> {type}", static a => Extreme(a[0].AsList, 1, "max"));
            table.Member("sort", $"list({type}) -> list({type})", static a => Sort(a[0].AsList));
        }

        Sum(table, "int", CelValue.Of(0));
        Sum(table, "uint", CelValue.OfUint(0));
        Sum(table, "double", CelValue.Of(0.0));
        Sum(table, "duration", CelValue.OfDuration(0));
        table.Member("indexOf", "list(A), A -> int", static a => CelValue.Of(Find(a[0].AsList, a[1], 1)));
        table.Member("lastIndexOf", "list(A), A -> int", static a => CelValue.Of(Find(a[0].AsList, a[1], -1)));
        table.Member("includes", "list(A), A -> bool", static a => CelValue.Of(Find(a[0].AsList, a[1], 1) >= 0));
        table.Member("slice", "list(A), int, int -> list(A)", static a => Slice(a[0].AsList, a[1].AsInt, a[2].AsInt));
        table.Member("flatten", "list(A) -> list(dyn)", static a => Flatten(a[0].AsList, 1));
        table.Member("flatten", "list(A), int -> list(dyn)", static a => Flatten(a[0].AsList, a[1].AsInt));
        table.Member("distinct", "list(A) -> list(A)", static a => Distinct(a[0].AsList));
        table.Member("reverse", "list(A) -> list(A)", static a => CelValue.Of([.. Elements(a[0].AsList).Reverse()]));
        table.Member("first", "list(A) -> optional(A)", static a => a[0].AsList.Count == 0 ? CelValue.NoOptional : CelValue.OfOptional(a[0].AsList[0]));
        table.Member("last", "list(A) -> optional(A)", static a => a[0].AsList.Count == 0 ? CelValue.NoOptional : CelValue.OfOptional(a[0].AsList[^1]));
        table.Global("lists.range", "int -> list(int)", static a => a[0].AsInt > ConcatList.Maximum
            ? CelValue.Of(CelError.Budget)
            : CelValue.Of([.. Enumerable.Range(0, (int)Math.Max(0, a[0].AsInt)).Select(i => CelValue.Of((long)i))]));
        table.Costs(static (a, _) => Costs.Traverse(a[0]), "isSorted", "sum", "min", "max", "indexOf", "lastIndexOf", "includes");
        table.Costs(static (_, r) => Costs.Traverse(r), "slice", "flatten", "lists.range");
        table.Costs(static (a, _) => Math.Max(1, Costs.Size(a[0]) * Costs.Size(a[0])), "distinct");
        table.Costs(static (a, _) => Math.Max(1, Costs.Traverse(a[0]) * 20), "sort");
    }

    internal static IEnumerable<CelValue> Elements(CelList list)
    {
        for (var i = 0; i < list.Count; i++)
        {
            yield return list[i];
        }
    }

    /// <summary>As if each were compared with each, twice.</summary>
    internal static long SortCost(List<CelValue> keys) =>
        11 + (long)((double)keys.Count * keys.Count * (keys.Count > 0 && keys[0].Kind is CelKind.String or CelKind.Bytes ? 2.1 : 2));

    private static void Sum(FunctionTable table, string type, CelValue zero)
    {
        table.Member("sum", $"list({type}) -> {type}", a =>
        {
            var list = a[0].AsList;
            var total = list.Count == 0 ? zero : list[0];
            for (var i = 1; i < list.Count && !total.IsError; i++)
            {
                total = Arithmetic.Add(total, list[i]);
            }

            return total.Kind is CelKind.String or CelKind.List or CelKind.Bytes or CelKind.Map ? CelValue.Of(CelError.NoOverload) : total;
        });
    }

    private static CelValue IsSorted(CelList list)
    {
        for (var i = 1; i < list.Count; i++)
        {
            if (Comparison.Order(list[i - 1], list[i]) is not { } order)
            {
                return CelValue.Of(CelError.NoOverload);
            }

            if (order == 1)
            {
                return CelValue.False;
            }
        }

        return CelValue.True;
    }

    private static CelValue Extreme(CelList list, int sign, string name)
    {
        if (list.Count == 0)
        {
            return CelValue.Fail($"{name} called on empty list");
        }

        var best = list[0];
        for (var i = 1; i < list.Count; i++)
        {
            if (Comparison.Order(list[i], best) is not { } order)
            {
                return CelValue.Of(CelError.NoOverload);
            }

            best = order == sign ? list[i] : best;
        }

        return best;
    }

    private static CelValue Sort(CelList list)
    {
        var values = Elements(list).ToList();
        if (values.Exists(v => Comparison.Order(v, values[0]) is null))
        {
            return CelValue.Of(CelError.NoOverload);
        }

        return CelValue.Of([.. values.Order(ByOrder)]);
    }

    private static long Find(CelList list, CelValue value, int step)
    {
        for (var i = step > 0 ? 0 : list.Count - 1; i >= 0 && i < list.Count; i += step)
        {
            if (list[i].Is(value))
            {
                return i;
            }
        }

        return -1;
    }

    private static CelValue Slice(CelList list, long from, long to) =>
        from < 0 || to < 0 ? CelValue.Fail($"cannot slice({from}, {to}), negative indexes not supported")
        : from > to ? CelValue.Fail($"cannot slice({from}, {to}), start index must be less than or equal to end index")
        : to > list.Count ? CelValue.Fail($"cannot slice({from}, {to}), list is length {list.Count}")
        : CelValue.Of([.. Elements(list).Skip((int)from).Take((int)(to - from))]);

    private static CelValue Flatten(CelList list, long depth)
    {
        if (depth < 0)
        {
            return CelValue.Fail("level must be non-negative");
        }

        List<CelValue> flat = [];
        Into(list, depth);
        return flat.Count > ConcatList.Maximum ? CelValue.Of(CelError.Budget) : CelValue.Of(flat);

        void Into(CelList from, long left)
        {
            foreach (var element in Elements(from))
            {
                if (flat.Count > ConcatList.Maximum)
                {
                    return;
                }

                if (element.Kind == CelKind.List && left > 0)
                {
                    Into(element.AsList, left - 1);
                }
                else
                {
                    flat.Add(element);
                }
            }
        }
    }

    private static CelValue Distinct(CelList list)
    {
        if (list.Count > 5000)
        {
            return CelValue.Of(CelError.Budget);
        }

        List<CelValue> distinct = [];
        foreach (var element in Elements(list))
        {
            if (!distinct.Exists(d => d.Is(element)))
            {
                distinct.Add(element);
            }
        }

        return CelValue.Of(distinct);
    }
}
