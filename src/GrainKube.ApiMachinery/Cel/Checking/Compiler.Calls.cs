using GrainKube.ApiMachinery.Cel.Evaluation;
using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Checking;

/// <summary>Calls: which signatures fit, and the node that runs the operator or function.</summary>
internal sealed partial class Compiler
{
    private Planned Call(CallExpr call)
    {
        switch (call.Function)
        {
            case "_&&_" or "_||_":
                return new Planned(
                    new LogicNode(Operand(call, 0).Node, Operand(call, 1).Node, decisive: call.Function == "_||_"), CelType.Bool);
            case "_?_:_":
                return Condition(call);
            case "_[_]" or "_[?_]":
                return Index(call);
        }

        // A function's name may have dots in it: ip.isCanonical('::1').
        var (name, target) = (call.Function, call.Target);
        if (target is not null && Parser.NameOf(target) is { } prefix && environment.Functions.Has($"{prefix.TrimStart('.')}.{name}") && !scope.Any(s => s.Name == prefix))
        {
            (name, target) = ($"{prefix.TrimStart('.')}.{name}", null);
        }

        Planned[] arguments = target is null ? [.. call.Arguments.Select(Visit)] : [Visit(target), .. call.Arguments.Select(Visit)];
        return environment.Functions.Has(name)
            ? Resolve(call, name, target is not null, arguments)
            : Undeclared(call.Position, name);
    }

    /// <summary>Logic is checked operand by operand, so that a complaint names the one.</summary>
    private Planned Operand(CallExpr call, int index) => Expect(call.Arguments[index], CelType.Bool);

    private Planned Condition(CallExpr call)
    {
        var (condition, yes, no) = (Visit(call.Arguments[0]), Visit(call.Arguments[1]), Visit(call.Arguments[2]));
        var type = unifier.Fresh();
        if (!unifier.TryAssign([condition.Type, yes.Type, no.Type], [CelType.Bool, type, type]))
        {
            return NoMatch(call, "_?_:_", member: false, [condition, yes, no]);
        }

        var joined = unifier.Resolve(no.Type).IsDyn || unifier.Resolve(yes.Type).IsDyn ? CelType.Dyn : type;
        return new Planned(new ConditionNode(condition.Node, yes.Node, no.Node), joined);
    }

    private Planned Index(CallExpr call)
    {
        var (operand, index) = (Visit(call.Arguments[0]), Visit(call.Arguments[1]));
        var optional = call.Function == "_[?_]";
        var node = new IndexNode(operand.Node, index.Node, optional);
        var type = unifier.Resolve(operand.Type);
        var wrapped = type.Shape == CelTypeShape.Optional;
        var inner = wrapped ? type.Arguments[0] : type;
        CelType? result = inner.Shape switch
        {
            CelTypeShape.Dyn or CelTypeShape.Parameter => CelType.Dyn,
            CelTypeShape.List when unifier.TryAssign(index.Type, CelType.Int) => inner.Arguments[0],
            CelTypeShape.Map when unifier.TryAssign(index.Type, inner.Arguments[0]) => inner.Arguments[1],
            _ => null,
        };
        return result is null
            ? NoMatch(call, call.Function, member: false, [operand, index])
            : new Planned(node, optional || wrapped ? CelType.OptionalOf(result) : result);
    }

    private Planned Resolve(CallExpr call, string name, bool member, Planned[] arguments)
    {
        List<Overload> candidates = [];
        CelType? result = null;
        Action? keep = null;
        var types = arguments.Select(a => a.Type).ToArray();
        foreach (var overload in environment.Functions.Find(name))
        {
            if (overload.Member != member || overload.Parameters.Count != arguments.Length)
            {
                continue;
            }

            Dictionary<string, CelType> names = [];
            var parameters = overload.Parameters.Select(p => unifier.Instantiate(p, names)).ToArray();
            var gives = unifier.Instantiate(overload.Result, names);
            if (!unifier.Trial(() => unifier.TryAssign(types, parameters)))
            {
                continue;
            }

            candidates.Add(overload);
            if (candidates.Count == 1)
            {
                keep = () => unifier.TryAssign(types, parameters);
                result = gives;
            }
            else if (!result!.Is(gives))
            {
                result = CelType.Dyn;
            }
        }

        if (result is null)
        {
            return NoMatch(call, name, member, arguments);
        }

        if (candidates.Count == 1)
        {
            keep!();
        }

        tree?.Note(call, new ResolvedCall(name, candidates));
        CheckLiteral(call, name, arguments);
        var nodes = arguments.Select(a => a.Node).ToArray();
        var cost = environment.Functions.CostOf(name);
        return Operators.Binary(name) is { } binary && !candidates.Exists(c => c.Member)
            ? new Planned(new OperatorNode(nodes[0], nodes[1], binary, cost), result)
            : new Planned((Node?)RegexNode.Of(name, nodes) ?? new CallNode(nodes, [.. candidates], cost), result);
    }

    private Planned NoMatch(CallExpr call, string name, bool member, Planned[] arguments)
    {
        // Whoever has complained about an argument has said enough.
        if (arguments.Any(a => ReferenceEquals(a.Type, CelType.Unknown)))
        {
            return new Planned(arguments[0].Node, CelType.Unknown);
        }

        var types = arguments.Select(a => Shown(a.Type).ToString()).ToArray();
        var applied = member ? $"{types[0]}.({string.Join(", ", types.Skip(1))})" : $"({string.Join(", ", types)})";
        return Fail(call.Position, $"found no matching overload for '{name}' applied to '{applied}'");
    }

    /// <summary>Literals that can never be read are refused at once.</summary>
    private void CheckLiteral(CallExpr call, string name, Planned[] arguments)
    {
        if (arguments.Length == 0 || arguments[^1].Node is not ConstNode { Value: { Kind: CelKind.String } literal })
        {
            return;
        }

        var wrong = name switch
        {
            "timestamp" => !Times.TryTimestamp(literal.AsString, out _),
            "duration" => !Times.TryDuration(literal.AsString, out _),
            "matches" => !Re2.TryParse(literal.AsString, out _, out _),
            _ => false,
        };
        if (wrong)
        {
            Fail(call.Arguments[^1].Position, $"invalid {name} argument");
        }
    }
}
