using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Evaluation;

/// <summary>A planned piece of an expression. Errors are values; only the end of the budget is thrown.</summary>
internal abstract class Node
{
    public abstract CelValue Run(EvaluationContext context);
}

internal sealed class ConstNode(CelValue value) : Node
{
    public CelValue Value => value;

    public override CelValue Run(EvaluationContext context) => value;
}

internal sealed class VariableNode(int index) : Node
{
    public override CelValue Run(EvaluationContext context)
    {
        context.Charge(1);
        return context.Variable(index);
    }
}

internal sealed class SlotNode(int slot) : Node
{
    public override CelValue Run(EvaluationContext context)
    {
        context.Charge(1);
        return context.Slot(slot);
    }
}

internal sealed class ConditionNode(Node condition, Node yes, Node no) : Node
{
    public override CelValue Run(EvaluationContext context)
    {
        var decided = condition.Run(context);
        return decided.Kind switch
        {
            CelKind.Bool => (decided.AsBool ? yes : no).Run(context),
            CelKind.Error => decided,
            _ => CelValue.Of(CelError.NoOverload),
        };
    }
}

/// <summary><c>&amp;&amp;</c> and <c>||</c>: whichever side decides wins, even over an error on the other.</summary>
internal sealed class LogicNode(Node left, Node right, bool decisive) : Node
{
    public override CelValue Run(EvaluationContext context)
    {
        var first = left.Run(context);
        if (first.Kind == CelKind.Bool && first.AsBool == decisive)
        {
            return first;
        }

        var second = right.Run(context);
        if (second.Kind == CelKind.Bool && (second.AsBool == decisive || first.Kind == CelKind.Bool))
        {
            return second.AsBool == decisive ? second : first;
        }

        return first.IsError ? first : first.Kind != CelKind.Bool ? CelValue.Of(CelError.NoOverload) : second.IsError ? second : CelValue.Of(CelError.NoOverload);
    }
}

internal sealed class ListNode(Node[] elements, bool[] optional) : Node
{
    public override CelValue Run(EvaluationContext context)
    {
        context.Charge(10);
        var values = new List<CelValue>(elements.Length);
        for (var i = 0; i < elements.Length; i++)
        {
            var value = elements[i].Run(context);
            if (value.IsError)
            {
                return value;
            }

            if (!optional[i])
            {
                values.Add(value);
            }
            else if (value.Kind != CelKind.Optional)
            {
                return CelValue.Fail($"cannot initialize optional list element from non-optional value {value}");
            }
            else if (value.TryOptional(out var held))
            {
                values.Add(held);
            }
        }

        return CelValue.Of(values);
    }
}

internal sealed class MapNode((Node Key, Node Value, bool Optional)[] entries, string? typeName, long cost) : Node
{
    public override CelValue Run(EvaluationContext context)
    {
        context.Charge(cost);
        var map = new CelDictionary(entries.Length, typeName);
        foreach (var (keyNode, valueNode, optional) in entries)
        {
            var key = keyNode.Run(context);
            if (key.IsError)
            {
                return key;
            }

            if (!CelDictionary.IsKey(key))
            {
                return CelValue.Fail($"unsupported key type: {key.Type}");
            }

            var value = valueNode.Run(context);
            if (value.IsError)
            {
                return value;
            }

            if (optional)
            {
                if (value.Kind != CelKind.Optional)
                {
                    return CelValue.Fail($"cannot initialize optional entry '{key}' from non-optional value {value}");
                }

                if (!value.TryOptional(out value))
                {
                    continue;
                }
            }

            if (!map.Add(key, value))
            {
                return CelValue.Fail($"Failed with repeated key: {Printing.CelPrinter.Plain(key)}");
            }
        }

        return CelValue.Of(map);
    }
}

internal sealed class OptionalMapNode(Node target, int slot, Node body, bool flat) : Node
{
    public override CelValue Run(EvaluationContext context)
    {
        var optional = target.Run(context);
        if (optional.IsError)
        {
            return optional;
        }

        if (optional.Kind != CelKind.Optional)
        {
            return CelValue.Of(CelError.NoOverload);
        }

        if (!optional.TryOptional(out var held))
        {
            return CelValue.NoOptional;
        }

        context.Slot(slot) = held;
        var result = body.Run(context);
        return result.IsError || flat ? result : CelValue.OfOptional(result);
    }
}
