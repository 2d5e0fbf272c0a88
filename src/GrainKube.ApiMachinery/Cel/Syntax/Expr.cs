using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Syntax;

/// <summary>A node of the syntax tree; macros are nodes of their own.</summary>
/// <param name="Position">Where cel-go would point for this node.</param>
internal abstract record Expr(int Position);

internal sealed record ConstExpr(int Position, CelValue Value) : Expr(Position);

/// <summary>A name; one that begins with a dot is looked up at the root.</summary>
internal sealed record IdentExpr(int Position, string Name) : Expr(Position);

/// <param name="Position">Of the dot.</param>
/// <param name="Operand">The object.</param>
/// <param name="Field">Its field.</param>
/// <param name="Test"><c>has(operand.field)</c>.</param>
/// <param name="Optional"><c>operand.?field</c>.</param>
internal sealed record SelectExpr(int Position, Expr Operand, string Field, bool Test = false, bool Optional = false) : Expr(Position);

/// <param name="Position">Of the operator, or of the opening parenthesis.</param>
/// <param name="Function">A name, or an operator as cel-go calls it (<c>_+_</c>).</param>
/// <param name="Target">What a member function is called on; null for a global one.</param>
/// <param name="Arguments">Without the target.</param>
internal sealed record CallExpr(int Position, string Function, Expr? Target, IReadOnlyList<Expr> Arguments) : Expr(Position);

/// <param name="Position">Of the bracket.</param>
/// <param name="Elements">In order.</param>
/// <param name="Optional">Which of them are there only when their optional has a value.</param>
internal sealed record ListExpr(int Position, IReadOnlyList<Expr> Elements, IReadOnlyList<bool> Optional) : Expr(Position);

internal sealed record MapEntry(Expr Key, Expr Value, bool Optional);

internal sealed record MapExpr(int Position, IReadOnlyList<MapEntry> Entries) : Expr(Position);

internal sealed record FieldEntry(int Position, string Name, Expr Value, bool Optional);

internal sealed record StructExpr(int Position, string TypeName, IReadOnlyList<FieldEntry> Fields) : Expr(Position);

/// <summary>A macro that walks over a list or map.</summary>
/// <param name="Position">Of the macro's parenthesis.</param>
/// <param name="Kind">Which macro.</param>
/// <param name="Range">What is walked over.</param>
/// <param name="First">The variable: element or key; with a second one, index or key.</param>
/// <param name="Second">The second variable, or null.</param>
/// <param name="Condition">Predicate or filter; null where there is none.</param>
/// <param name="Body">What is collected; null where nothing is.</param>
internal sealed record WalkExpr(int Position, WalkKind Kind, Expr Range, string First, string? Second, Expr? Condition, Expr? Body) : Expr(Position);

/// <summary><c>optMap</c>, <c>optFlatMap</c>: a value under a name.</summary>
internal sealed record OptionalMapExpr(int Position, Expr Target, string Variable, Expr Body, bool Flat) : Expr(Position);

internal enum WalkKind
{
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
    TransformList,
    TransformMap,
    TransformMapEntry,

    /// <summary>Elements in the order of what the body gives for each.</summary>
    SortBy,
}
