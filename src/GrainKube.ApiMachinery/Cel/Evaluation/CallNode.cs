using System.Runtime.CompilerServices;
using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Evaluation;

/// <summary>A call of a function. Where its signatures have one body, that one decides by the kinds; else the first signature that takes the values.</summary>
internal sealed class CallNode(Node[] arguments, Overload[] candidates, CallCost? cost) : Node
{
    private readonly Implementation? only = candidates[0].ChecksItself ? candidates[0].Body : null;

    public override CelValue Run(EvaluationContext context)
    {
        var space = default(FourValues);
        Span<CelValue> values = arguments.Length <= 4 ? ((Span<CelValue>)space)[..arguments.Length] : new CelValue[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Run(context);
            if (values[i].IsError)
            {
                return values[i];
            }
        }

        var result = only is null ? Dispatch(values) : only(values);
        if (result.IsError && result.AsError.Fatal)
        {
            throw new BudgetException();
        }

        context.Charge(cost?.Invoke(values, result) ?? 1);
        return result;
    }

    private CelValue Dispatch(ReadOnlySpan<CelValue> values)
    {
        foreach (var candidate in candidates)
        {
            if (candidate.Takes(values))
            {
                return candidate.Body(values);
            }
        }

        return CelValue.Of(CelError.NoOverload);
    }

    [InlineArray(4)]
    private struct FourValues
    {
        private CelValue first;
    }
}

/// <summary>An operator of two operands, the common case, without an array.</summary>
internal sealed class OperatorNode(Node left, Node right, Func<CelValue, CelValue, CelValue> body, CallCost? cost) : Node
{
    public override CelValue Run(EvaluationContext context)
    {
        var first = left.Run(context);
        if (first.IsError)
        {
            return first;
        }

        var second = right.Run(context);
        if (second.IsError)
        {
            return second;
        }

        var result = body(first, second);
        if (result.IsError && result.AsError.Fatal)
        {
            throw new BudgetException();
        }

        context.Charge(cost is null || (first.Kind < CelKind.String && second.Kind < CelKind.String) ? 1 : cost([first, second], result));
        return result;
    }
}
