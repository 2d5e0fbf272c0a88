using System.Runtime.CompilerServices;
using GrainKube.ApiMachinery.Cel.Syntax;

namespace GrainKube.ApiMachinery.Cel.Checking;

/// <summary>What the checker found out about each node of a tree, for who looks at it afterwards.</summary>
internal sealed class CheckedTree(Expr root)
{
    private readonly Dictionary<Expr, CelType> types = new(ByReference.Instance);
    private readonly Dictionary<Expr, ResolvedCall> calls = new(ByReference.Instance);

    public Expr Root { get; } = root;

    public CelType TypeOf(Expr expr) => types.GetValueOrDefault(expr, CelType.Dyn);

    /// <summary>False for the parts of a name with dots, which is one node.</summary>
    public bool WasVisited(Expr expr) => types.ContainsKey(expr);

    /// <summary>Null for operators that have a node of their own.</summary>
    public ResolvedCall? Call(CallExpr call) => calls.GetValueOrDefault(call);

    public void Note(Expr expr, CelType type) => types[expr] = type;

    public void Note(CallExpr call, ResolvedCall resolved) => calls[call] = resolved;

    public void Resolve(Unifier unifier)
    {
        foreach (var expr in types.Keys.ToList())
        {
            types[expr] = unifier.Resolve(types[expr], unknownIsDyn: true);
        }
    }

    /// <summary>Nodes are records, and equal ones may stand at several places.</summary>
    private sealed class ByReference : IEqualityComparer<Expr>
    {
        public static ByReference Instance { get; } = new();

        public bool Equals(Expr? x, Expr? y) => ReferenceEquals(x, y);

        public int GetHashCode(Expr obj) => RuntimeHelpers.GetHashCode(obj);
    }
}

/// <param name="Name">With its dots.</param>
/// <param name="Candidates">The signatures that fit what the checker knows.</param>
internal sealed record ResolvedCall(string Name, IReadOnlyList<Overload> Candidates);
