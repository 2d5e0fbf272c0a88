using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Evaluation;

/// <summary>The macros that walk over a list or a map.</summary>
/// <param name="kind">Which one.</param>
/// <param name="range">What is walked over.</param>
/// <param name="first">Place of the first variable.</param>
/// <param name="second">Place of the second, or -1.</param>
/// <param name="condition">Predicate or filter.</param>
/// <param name="body">What is collected.</param>
internal sealed class WalkNode(WalkKind kind, Node range, int first, int second, Node? condition, Node? body) : Node
{
    /// <summary>What cel-go's hidden accumulator costs in each step.</summary>
    private const int StepCost = 3;

    public override CelValue Run(EvaluationContext context)
    {
        var over = range.Run(context);
        if (over.Kind == CelKind.Optional)
        {
            return CelValue.Of(CelError.NoOverload);
        }

        var state = new State(kind);
        switch (over.Kind)
        {
            case CelKind.Error:
                return over;
            case CelKind.List:
                var list = over.AsList;
                for (var i = 0; i < list.Count; i++)
                {
                    if (!Step(context, ref state, second < 0 ? list[i] : CelValue.Of((long)i), second < 0 ? default : list[i]))
                    {
                        break;
                    }
                }

                break;
            case CelKind.Map when kind != WalkKind.SortBy:
                var map = over.AsMap;
                foreach (var key in map.Keys)
                {
                    if (!Step(context, ref state, key, second >= 0 && map.TryGet(key, out var value) ? value : default))
                    {
                        break;
                    }
                }

                break;
            default:
                return CelValue.Of(CelError.NoOverload);
        }

        return kind == WalkKind.SortBy ? state.Sorted(context) : state.Result;
    }

    private bool Step(EvaluationContext context, ref State state, CelValue one, CelValue two)
    {
        context.Charge(StepCost);
        context.Slot(first) = one;
        if (second >= 0)
        {
            context.Slot(second) = two;
        }

        var holds = condition?.Run(context) ?? CelValue.True;
        switch (kind)
        {
            case WalkKind.All:
                return state.Logic(holds, decisive: false);
            case WalkKind.Exists:
                return state.Logic(holds, decisive: true);
            case WalkKind.ExistsOne when holds.Kind == CelKind.Bool:
                state.Count += holds.AsBool ? 1 : 0;
                return true;
        }

        if (holds.Kind != CelKind.Bool)
        {
            return state.Fail(holds.IsError ? holds : CelValue.Of(CelError.NoOverload));
        }

        return !holds.AsBool || state.Collect(one, body?.Run(context) ?? one, context);
    }

    private struct State
    {
        private readonly WalkKind kind;
        private readonly List<CelValue>? list;
        private readonly List<CelValue>? keys;
        private readonly CelDictionary? map;
        private CelValue error;
        private bool decided;

        public State(WalkKind kind)
        {
            this.kind = kind;
            list = kind is WalkKind.Map or WalkKind.Filter or WalkKind.TransformList or WalkKind.SortBy ? [] : null;
            keys = kind == WalkKind.SortBy ? [] : null;
            map = kind is WalkKind.TransformMap or WalkKind.TransformMapEntry ? new CelDictionary(4) : null;
        }

        public int Count { get; set; }

        public readonly CelValue Result => kind switch
        {
            WalkKind.All or WalkKind.Exists when decided => CelValue.Of(kind == WalkKind.Exists),
            _ when error.IsError => error,
            WalkKind.All or WalkKind.Exists => CelValue.Of(kind == WalkKind.All),
            WalkKind.ExistsOne => CelValue.Of(Count == 1),
            _ => list is not null ? CelValue.Of(list) : CelValue.Of(map!),
        };

        public bool Logic(CelValue holds, bool decisive)
        {
            if (holds.Kind != CelKind.Bool)
            {
                error = error.IsError ? error : holds.IsError ? holds : CelValue.Of(CelError.NoOverload);
                return true;
            }

            decided = holds.AsBool == decisive;
            return !decided;
        }

        /// <summary>What was collected, in the order of its keys; equal ones stay as they were.</summary>
        public readonly CelValue Sorted(EvaluationContext context)
        {
            if (error.IsError)
            {
                return error;
            }

            var (values, by) = (list!, keys!);
            context.Charge(ListFunctions.SortCost(by));
            return by.Exists(k => Comparison.Order(k, by[0]) is null)
                ? CelValue.Fail("list elements must have the same type")
                : CelValue.Of([.. Enumerable.Range(0, by.Count).OrderBy(i => by[i], ListFunctions.ByOrder).Select(i => values[i])]);
        }

        public bool Fail(CelValue why)
        {
            error = why;
            return false;
        }

        public bool Collect(CelValue key, CelValue value, EvaluationContext context)
        {
            if (value.IsError)
            {
                return Fail(value);
            }

            if (list is not null)
            {
                context.Charge(10);
                list.Add(keys is null ? value : key);
                keys?.Add(value);
                return true;
            }

            context.Charge(30);
            if (kind == WalkKind.TransformMap)
            {
                return map!.Add(key, value) || Fail(CelValue.Fail($"insert failed: key {Printing.CelPrinter.Plain(key)} already exists"));
            }

            if (value.Kind != CelKind.Map)
            {
                return Fail(CelValue.Of(CelError.NoOverload));
            }

            foreach (var inner in value.AsMap.Keys)
            {
                value.AsMap.TryGet(inner, out var held);
                if (!map!.Add(inner, held))
                {
                    return Fail(CelValue.Fail($"insert failed: key {Printing.CelPrinter.Plain(inner)} already exists"));
                }
            }

            return true;
        }
    }
}
