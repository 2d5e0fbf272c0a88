using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Evaluation;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel;

/// <summary>A checked and planned expression. Thread safe; who uses it often keeps it.</summary>
public sealed class CelProgram
{
    private readonly Node root;
    private readonly int slots;

    private CelProgram(string text, CelType type, Node root, int slots) => (Text, Type, this.root, this.slots) = (text, type, root, slots);

    public string Text { get; }

    /// <summary>What the checker knows of the result.</summary>
    public CelType Type { get; }

    /// <exception cref="CelCompileException">Every problem that was found, in cel-go's form.</exception>
    public static CelProgram Compile(string text, CelEnvironment environment) => Compile(text, Parse(text), environment, null);

    /// <summary>With what the checker found out, for an estimate.</summary>
    /// <exception cref="CelCompileException">Every problem that was found, in cel-go's form.</exception>
    internal static CelProgram Compile(string text, CelEnvironment environment, out CheckedTree tree)
    {
        tree = new CheckedTree(Parse(text));
        return Compile(text, tree.Root, environment, tree);
    }

    /// <summary>Computes the value.</summary>
    /// <param name="bindings">Of the environment that the program was compiled in.</param>
    /// <param name="budget">What is left to spend; this call takes at most <see cref="CelBudget.PerCall"/> of it.</param>
    /// <returns>The value, or an error as a value.</returns>
    public CelValue Evaluate(CelBindings bindings, CelBudget budget)
    {
        var context = new EvaluationContext(bindings, slots, CelBudget.PerCall);
        try
        {
            return root.Run(context);
        }
        catch (BudgetException)
        {
            return CelValue.Of(CelError.Budget);
        }
        finally
        {
            budget.Spend(context.Cost);
        }
    }

    private static Expr Parse(string text)
    {
        try
        {
            return Parser.Parse(text);
        }
        catch (SyntaxException wrong)
        {
            throw new CelCompileException(text, [new CelIssue(wrong.Position, wrong.Message)]);
        }
    }

    private static CelProgram Compile(string text, Expr expr, CelEnvironment environment, CheckedTree? tree)
    {
        var compiler = new Compiler(environment, tree);
        var planned = compiler.Compile(expr);
        return compiler.Issues.Count == 0
            ? new CelProgram(text, planned.Type, planned.Node, compiler.Slots)
            : throw new CelCompileException(text, compiler.Issues);
    }
}
