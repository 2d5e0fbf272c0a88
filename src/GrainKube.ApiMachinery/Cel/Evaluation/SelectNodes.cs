using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Evaluation;

/// <summary><c>operand.field</c>; through an optional it stays optional.</summary>
internal sealed class SelectNode(Node operand, string field, bool optional) : Node
{
    public override CelValue Run(EvaluationContext context)
    {
        var value = operand.Run(context);
        context.Charge(1);
        var result = optional;
        if (!OptionalOperand.Open(ref value, ref result))
        {
            return CelValue.NoOptional;
        }

        switch (value.Kind)
        {
            case CelKind.Map when value.AsMap.TryField(field, out var found):
                return found.IsError || !result ? found : CelValue.OfOptional(found);
            case CelKind.Map:
                return result ? CelValue.NoOptional : CelError.NoSuchField(field);
            case CelKind.Error:
                return value;
            default:
                return CelValue.Of(CelError.NoOverload);
        }
    }
}

/// <summary><c>has(operand.field)</c>; upstream counts no cost for it.</summary>
internal sealed class TestNode(Node operand, string field) : Node
{
    public override CelValue Run(EvaluationContext context)
    {
        var value = operand.Run(context);
        if (value.Kind == CelKind.Optional && !value.TryOptional(out value))
        {
            return CelValue.False;
        }

        return value.Kind switch
        {
            CelKind.Map => CelValue.Of(value.AsMap.TryField(field, out _)),
            CelKind.Error => value,
            _ => CelValue.Of(CelError.NoOverload),
        };
    }
}

/// <summary><c>operand[index]</c> and <c>operand[?index]</c>.</summary>
internal sealed class IndexNode(Node operand, Node index, bool optional) : Node
{
    public override CelValue Run(EvaluationContext context)
    {
        var value = operand.Run(context);
        if (value.IsError)
        {
            return value;
        }

        var key = index.Run(context);
        if (key.IsError)
        {
            return key;
        }

        context.Charge(1);
        var result = optional;
        if (!OptionalOperand.Open(ref value, ref result))
        {
            return CelValue.NoOptional;
        }

        var found = Find(value, key, out var missing);
        return missing && result ? CelValue.NoOptional : found.IsError || !result ? found : CelValue.OfOptional(found);
    }

    private static CelValue Find(CelValue value, CelValue key, out bool missing)
    {
        missing = false;
        switch (value.Kind)
        {
            case CelKind.Map:
                missing = !value.AsMap.TryGet(key, out var found);
                return missing ? CelError.NoSuchKey(key) : found;
            case CelKind.List when key.TryInteger(out var at):
                missing = at < 0 || at >= value.AsList.Count;
                return missing ? CelValue.Fail($"index out of bounds: {at}") : value.AsList[(int)at];
            case CelKind.List:
                return CelValue.Fail($"unsupported index type '{key.Type}' in list");
            default:
                return CelValue.Of(CelError.NoOverload);
        }
    }
}
