using GrainKube.ApiMachinery.Cel.Evaluation;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Checking;

/// <summary>Checks a tree against an environment and plans it, in one walk. It goes on after an error, to report them all.</summary>
/// <param name="environment">What may be named.</param>
/// <param name="tree">Where what is found out of the nodes is noted, if anybody wants to know.</param>
internal sealed partial class Compiler(CelEnvironment environment, CheckedTree? tree = null)
{
    private const int MaximumIssues = 100;
    private readonly Unifier unifier = new();
    private readonly List<CelIssue> issues = [];
    private readonly Stack<(string Name, int Slot, CelType Type)> scope = new();

    public IReadOnlyList<CelIssue> Issues => issues;

    /// <summary>How many places the macros' variables need.</summary>
    public int Slots { get; private set; }

    public Planned Compile(Expr expr)
    {
        var planned = Visit(expr);
        tree?.Resolve(unifier);
        return planned with { Type = unifier.Resolve(planned.Type, unknownIsDyn: true) };
    }

    private Planned Visit(Expr expr)
    {
        var planned = Plan(expr);
        tree?.Note(expr, planned.Type);
        return planned;
    }

    private Planned Plan(Expr expr) => expr switch
    {
        ConstExpr constant => new Planned(new ConstNode(constant.Value), TypeOf(constant.Value)),
        IdentExpr ident => Name(ident, ident.Name) ?? Undeclared(ident.Position, ident.Name.TrimStart('.')),
        SelectExpr select => Select(select),
        CallExpr call => Call(call),
        ListExpr list => List(list),
        MapExpr map => Map(map),
        StructExpr made => Struct(made),
        WalkExpr walk => Walk(walk),
        OptionalMapExpr optional => OptionalMap(optional),
        _ => throw new ArgumentException("unknown expression", nameof(expr)),
    };

    private static CelType TypeOf(CelValue constant) => constant.Type;

    /// <summary>A variable of a macro, a variable of the environment, or a type; null where nothing has this name.</summary>
    private Planned? Name(Expr at, string name)
    {
        if (!name.StartsWith('.'))
        {
            foreach (var local in scope)
            {
                if (local.Name == name)
                {
                    return new Planned(new SlotNode(local.Slot), local.Type);
                }
            }
        }

        name = name.TrimStart('.');
        if (environment.TryVariable(name, out var index, out var type))
        {
            return new Planned(new VariableNode(index), type);
        }

        _ = at;
        return CelEnvironment.TypeNamed(name) is { } named ? new Planned(new ConstNode(CelValue.Of(named)), CelType.TypeOf(named)) : null;
    }

    private Planned Undeclared(int position, string name) => Fail(position, $"undeclared reference to '{name}' (in container '')");

    private Planned Fail(int position, string message)
    {
        if (issues.Count < MaximumIssues)
        {
            issues.Add(new CelIssue(position, message));
        }

        return new Planned(new ConstNode(CelValue.Fail(message)), CelType.Unknown);
    }

    private Planned Select(SelectExpr select)
    {
        // A variable's name may have dots in it; what a macro declared hides it.
        if (!select.Test && !select.Optional && Parser.NameOf(select) is { } dotted && !scope.Any(s => s.Name == Root(dotted)) && Name(select, dotted) is { } whole)
        {
            return whole;
        }

        var operand = Visit(select.Operand);
        var type = unifier.Resolve(operand.Type);
        var optional = select.Optional;
        if (type.Shape == CelTypeShape.Optional)
        {
            (type, optional) = (type.Arguments[0], true);
        }

        var field = FieldType(type, select);
        if (select.Test)
        {
            return new Planned(new TestNode(operand.Node, select.Field), CelType.Bool);
        }

        return new Planned(new SelectNode(operand.Node, select.Field, select.Optional), optional && field.Shape != CelTypeShape.Optional ? CelType.OptionalOf(field) : field);
    }

    private static string Root(string dotted) => dotted.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? dotted[..dot] : dotted;

    private CelType FieldType(CelType type, SelectExpr select)
    {
        switch (type.Shape)
        {
            case CelTypeShape.Dyn:
                return CelType.Dyn;
            case CelTypeShape.Parameter:
                unifier.TryAssign(type, CelType.Dyn);
                return CelType.Dyn;
            case CelTypeShape.Map:
                return type.Arguments[1];
            case CelTypeShape.Object:
                return type.Field(select.Field) ?? Fail(select.Position, $"undefined field '{select.Field}'").Type;
            default:
                return Fail(select.Position, $"type '{type}' does not support field selection").Type;
        }
    }

    private Planned List(ListExpr list)
    {
        CelType? element = null;
        var nodes = new Node[list.Elements.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            var planned = Visit(list.Elements[i]);
            nodes[i] = planned.Node;
            element = Join(element, Held(planned.Type, list.Optional[i], list.Elements[i]), list.Elements[i].Position);
        }

        return new Planned(new ListNode(nodes, [.. list.Optional]), CelType.ListOf(element ?? unifier.Fresh()));
    }

    private Planned Map(MapExpr map)
    {
        CelType? key = null;
        CelType? value = null;
        var entries = new (Node, Node, bool)[map.Entries.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = map.Entries[i];
            var (plannedKey, plannedValue) = (Visit(entry.Key), Visit(entry.Value));
            entries[i] = (plannedKey.Node, plannedValue.Node, entry.Optional);
            key = Join(key, plannedKey.Type, entry.Key.Position);
            value = Join(value, Held(plannedValue.Type, entry.Optional, entry.Value), entry.Value.Position);
        }

        return new Planned(new MapNode(entries, null, 30), CelType.MapOf(key ?? unifier.Fresh(), value ?? unifier.Fresh()));
    }

    private Planned Struct(StructExpr made)
    {
        if (environment.StructNamed(made.TypeName) is not { } type)
        {
            return Undeclared(made.Position, made.TypeName);
        }

        var entries = new (Node, Node, bool)[made.Fields.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var field = made.Fields[i];
            var value = Visit(field.Value);
            var expected = type.Field(field.Name) ?? Fail(field.Position, $"undefined field '{field.Name}'").Type;
            var given = Held(value.Type, field.Optional, field.Value);
            if (!unifier.TryAssign(given, expected))
            {
                Fail(field.Position, $"expected type of field '{field.Name}' is '{expected}' but provided type is '{Shown(given)}'");
            }

            entries[i] = (new ConstNode(CelValue.Of(field.Name)), value.Node, field.Optional);
        }

        return new Planned(new MapNode(entries, made.TypeName, 40), type);
    }

    /// <summary>What an element brings; an optional one must be an optional.</summary>
    private CelType Held(CelType type, bool optional, Expr at)
    {
        if (!optional)
        {
            return type;
        }

        var inner = unifier.Fresh();
        if (!unifier.TryAssign(type, CelType.OptionalOf(inner)))
        {
            Fail(at.Position, $"expected type 'optional_type({Shown(type)})' but found '{Shown(type)}'");
        }

        return unifier.Resolve(inner);
    }

    /// <summary>Elements are of one type; Kubernetes allows no mixture.</summary>
    private CelType Join(CelType? known, CelType next, int position)
    {
        if (known is null)
        {
            return next;
        }

        if (unifier.Resolve(known).IsDyn || unifier.Resolve(next).IsDyn)
        {
            return CelType.Dyn;
        }

        if (!unifier.TryAssign(next, known))
        {
            Fail(position, $"expected type '{Shown(known)}' but found '{Shown(next)}'");
        }

        return known;
    }

    private Planned Walk(WalkExpr walk)
    {
        var range = Visit(walk.Range);
        var type = unifier.Resolve(range.Type);
        if (type.Shape == CelTypeShape.Parameter)
        {
            unifier.TryAssign(type, CelType.Dyn);
            type = CelType.Dyn;
        }

        var (key, element) = type.Shape switch
        {
            CelTypeShape.List => (CelType.Int, type.Arguments[0]),
            CelTypeShape.Map => (type.Arguments[0], type.Arguments[1]),
            CelTypeShape.Dyn => (CelType.Dyn, CelType.Dyn),
            _ => (Fail(walk.Range.Position, $"expression of type '{type}' cannot be range of a comprehension (must be list, map, or dynamic)").Type, CelType.Unknown),
        };
        var first = Slots++;
        var second = walk.Second is null ? -1 : Slots++;
        scope.Push((walk.First, first, walk.Second is null && type.Shape == CelTypeShape.List ? element : key));
        if (walk.Second is not null)
        {
            scope.Push((walk.Second, second, element));
        }

        var condition = walk.Condition is null ? null : Expect(walk.Condition, CelType.Bool);
        var body = walk.Body is null ? null : Visit(walk.Body);
        scope.Pop();
        if (walk.Second is not null)
        {
            scope.Pop();
        }

        var result = walk.Kind switch
        {
            WalkKind.All or WalkKind.Exists or WalkKind.ExistsOne => CelType.Bool,
            WalkKind.Filter => CelType.ListOf(type.Shape == CelTypeShape.List ? element : key),
            WalkKind.Map or WalkKind.TransformList => CelType.ListOf(body!.Type),
            WalkKind.TransformMap => CelType.MapOf(key, body!.Type),
            WalkKind.SortBy => SortedBy(walk, type, element, body!.Type),
            _ => body!.Type,
        };
        return new Planned(new WalkNode(walk.Kind, range.Node, first, second, condition?.Node, body?.Node), result);
    }

    /// <summary>Lists are sorted, by what has an order.</summary>
    private CelType SortedBy(WalkExpr walk, CelType range, CelType element, CelType key)
    {
        var known = unifier.Resolve(key);
        return range.Shape is CelTypeShape.List or CelTypeShape.Dyn && (known.Shape is CelTypeShape.Dyn or CelTypeShape.Parameter || (known.Shape == CelTypeShape.Scalar && !ReferenceEquals(known, CelType.Null)))
            ? CelType.ListOf(element)
            : Fail(walk.Position, $"found no matching overload for '@sortByAssociatedKeys' applied to '{Shown(range)}.(list({Shown(known)}))'").Type;
    }

    private Planned OptionalMap(OptionalMapExpr optional)
    {
        var target = Visit(optional.Target);
        var held = unifier.Fresh();
        if (!unifier.TryAssign(target.Type, CelType.OptionalOf(held)))
        {
            Fail(optional.Target.Position, $"expected type 'optional_type' but found '{Shown(target.Type)}'");
        }

        var slot = Slots++;
        scope.Push((optional.Variable, slot, unifier.Resolve(held)));
        var body = Visit(optional.Body);
        scope.Pop();
        return new Planned(new OptionalMapNode(target.Node, slot, body.Node, optional.Flat), optional.Flat ? body.Type : CelType.OptionalOf(body.Type));
    }

    private Planned Expect(Expr expr, CelType expected)
    {
        var planned = Visit(expr);
        if (!unifier.TryAssign(planned.Type, expected))
        {
            Fail(expr.Position, $"expected type '{expected}' but found '{Shown(planned.Type)}'");
        }

        return planned;
    }

    private CelType Shown(CelType type) => unifier.Resolve(type, unknownIsDyn: true);

    /// <param name="Node">What runs.</param>
    /// <param name="Type">What it gives, as far as is known.</param>
    internal sealed record Planned(Node Node, CelType Type);
}
