namespace GrainKube.ApiMachinery.Cel.Syntax;

/// <summary>Calls that are not functions: what they are given is not evaluated first.</summary>
internal static class Macros
{
    public static Expr? Global(int at, string name, IReadOnlyList<Expr> arguments)
    {
        if (name != "has" || arguments.Count != 1)
        {
            return null;
        }

        return arguments[0] is SelectExpr { Test: false } select
            ? select with { Position = at, Test = true }
            : throw new SyntaxException(arguments[0].Position, "invalid argument to has() macro");
    }

    public static Expr? Member(int at, Expr target, string name, IReadOnlyList<Expr> arguments)
    {
        return (name, arguments.Count) switch
        {
            ("all", 2) => Walk(WalkKind.All, 1, arguments[1], null),
            ("exists", 2) => Walk(WalkKind.Exists, 1, arguments[1], null),
            ("exists_one" or "existsOne", 2) => Walk(WalkKind.ExistsOne, 1, arguments[1], null),
            ("filter", 2) => Walk(WalkKind.Filter, 1, arguments[1], null),
            ("map", 2) => Walk(WalkKind.Map, 1, null, arguments[1]),
            ("map", 3) => Walk(WalkKind.Map, 1, arguments[1], arguments[2]),
            ("sortBy", 2) => Walk(WalkKind.SortBy, 1, null, arguments[1]),
            ("all", 3) => Walk(WalkKind.All, 2, arguments[2], null),
            ("exists", 3) => Walk(WalkKind.Exists, 2, arguments[2], null),
            ("exists_one" or "existsOne", 3) => Walk(WalkKind.ExistsOne, 2, arguments[2], null),
            ("transformList", 3) => Walk(WalkKind.TransformList, 2, null, arguments[2]),
            ("transformList", 4) => Walk(WalkKind.TransformList, 2, arguments[2], arguments[3]),
            ("transformMap", 3) => Walk(WalkKind.TransformMap, 2, null, arguments[2]),
            ("transformMap", 4) => Walk(WalkKind.TransformMap, 2, arguments[2], arguments[3]),
            ("transformMapEntry", 3) => Walk(WalkKind.TransformMapEntry, 2, null, arguments[2]),
            ("transformMapEntry", 4) => Walk(WalkKind.TransformMapEntry, 2, arguments[2], arguments[3]),
            ("optMap", 2) => new OptionalMapExpr(at, target, Variable(arguments[0]), arguments[1], Flat: false),
            ("optFlatMap", 2) => new OptionalMapExpr(at, target, Variable(arguments[0]), arguments[1], Flat: true),
            _ => null,
        };

        WalkExpr Walk(WalkKind kind, int variables, Expr? condition, Expr? body)
        {
            var second = variables == 2 ? Variable(arguments[1]) : null;
            var first = Variable(arguments[0]);
            return first == second
                ? throw new SyntaxException(arguments[1].Position, $"duplicate variable name: {first}")
                : new WalkExpr(at, kind, target, first, second, condition, body);
        }
    }

    private static string Variable(Expr expr) => expr is IdentExpr { Name: var name } && !name.StartsWith('.')
        ? name
        : throw new SyntaxException(expr.Position, "argument must be a simple name");
}
