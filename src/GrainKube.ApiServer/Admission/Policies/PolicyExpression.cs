using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>An expression of a policy, or why it is none: such a policy stands, and fails when it is asked.</summary>
internal sealed class PolicyExpression
{
    private readonly CelEnvironment environment;
    private readonly CelProgram? program;

    public PolicyExpression(string text, CelEnvironment environment, params IReadOnlyList<CelType> allowed)
    {
        (Text, this.environment) = (text, environment);
        try
        {
            program = CelProgram.Compile(text, environment);
            if (allowed.Count > 0 && !allowed.Any(program.Type.Is))
            {
                program = null;
                CompileError = allowed.Count == 1
                    ? $"must evaluate to {allowed[0]} but got {CelProgram.Compile(text, environment).Type}"
                    : $"must evaluate to one of [{string.Join(" ", allowed)}] but got {CelProgram.Compile(text, environment).Type}";
            }
        }
        catch (CelCompileException wrong)
        {
            CompileError = $"compilation failed: {wrong.Message}";
        }
    }

    public string Text { get; }

    /// <summary>Null where the expression is right.</summary>
    public string? CompileError { get; }

    public CelType Type => program?.Type ?? CelType.Dyn;

    /// <summary>The value or an error, whose message is what the user is told.</summary>
    public CelValue Evaluate(PolicyVariables variables, CelBudget budget) => Evaluate(program is null ? null : variables.Bind(environment), budget);

    /// <summary>The same, with the variables given.</summary>
    public CelValue Evaluate(CelBindings? bindings, CelBudget budget)
    {
        if (program is null)
        {
            return CelValue.Fail($"compilation error: {CompileError}");
        }

        var value = program.Evaluate(bindings!, budget);
        return budget.IsExhausted ? CelValue.Fail("validation failed due to running out of cost budget, no further validation rules will be run")
            : value.IsError ? CelValue.Fail($"expression '{Text}' resulted in error: {value.AsError.Message}")
            : value;
    }
}
