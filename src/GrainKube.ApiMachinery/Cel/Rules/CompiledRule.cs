using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Estimation;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Cel.Rules;

/// <summary>A rule of a custom resource, bound to the schema where it stands. Thread safe.</summary>
public sealed class CompiledRule
{
    private const int LongestMessage = 5 * 1024;
    private readonly CelEnvironment environment;
    private readonly CelProgram rule;
    private readonly CelProgram? message;
    private readonly Schema schema;

    private CompiledRule(ValidationRule source, Schema schema, CelEnvironment environment, CelProgram rule, CelProgram? message)
    {
        (Source, this.schema, this.environment, this.rule, this.message) = (source, schema, environment, rule, message);
        IsTransition = OldSelf.IsNamedIn(source.Rule);
    }

    public ValidationRule Source { get; }

    /// <summary>The rule compares with what was there before: it is skipped where nothing was, unless <see cref="ValidationRule.OptionalOldSelf"/>.</summary>
    public bool IsTransition { get; }

    /// <summary>Checks the rule's expressions.</summary>
    /// <param name="source">The rule.</param>
    /// <param name="schema">Where it stands.</param>
    /// <param name="isRoot">It stands at the object itself, whose apiVersion, kind and metadata are always known.</param>
    /// <exception cref="CelCompileException">The rule or its <c>messageExpression</c> is no valid expression of the type it must have.</exception>
    public static CompiledRule Compile(ValidationRule source, Schema schema, bool isRoot)
    {
        var environment = Environment(source, schema, isRoot);
        var rule = Typed(source.Rule, environment, CelType.Bool, out _);
        var message = source.MessageExpression.Length == 0 ? null : Typed(source.MessageExpression, environment, CelType.String, out _);
        return new CompiledRule(source, schema, environment, rule, message);
    }

    /// <summary>Checks one of the rule's expressions and estimates what it costs at most.</summary>
    /// <param name="source">The rule.</param>
    /// <param name="schema">Where it stands.</param>
    /// <param name="isRoot">It stands at the object itself.</param>
    /// <param name="sizes">What can stand there.</param>
    /// <param name="ofMessage">The <c>messageExpression</c> is meant.</param>
    /// <exception cref="CelCompileException">It is no valid expression of the type it must have.</exception>
    internal static ulong MostCost(ValidationRule source, Schema schema, bool isRoot, SizedType sizes, bool ofMessage)
    {
        var environment = Environment(source, schema, isRoot);
        Typed(ofMessage ? source.MessageExpression : source.Rule, environment, ofMessage ? CelType.String : CelType.Bool, out var tree);
        return CostEstimator.Most(tree, sizes);
    }

    /// <summary>Decides about a value.</summary>
    /// <param name="self">What is there now.</param>
    /// <param name="oldSelf">What was there before; null where nothing was.</param>
    /// <param name="budget">Shared by all rules of one object.</param>
    /// <returns>Null where the rule holds or does not apply; else what the user is told.</returns>
    public RuleViolation? Validate(JsonNode? self, JsonNode? oldSelf, CelBudget budget)
    {
        if (IsTransition && oldSelf is null && !Source.OptionalOldSelf)
        {
            return null;
        }

        var bindings = environment.Bind().Set("self", CelJson.Read(self, schema));
        var before = oldSelf is null ? default : CelJson.Read(oldSelf, schema);
        bindings.Set("oldSelf", Source.OptionalOldSelf ? oldSelf is null ? CelValue.NoOptional : CelValue.OfOptional(before) : before);
        var result = rule.Evaluate(bindings, budget);
        if (budget.IsExhausted)
        {
            return new RuleViolation("validation failed due to running out of cost budget, no further validation rules will be run", IsBudget: true);
        }

        if (result.IsError)
        {
            return new RuleViolation(
                ReferenceEquals(result.AsError, CelError.Budget)
                    ? $"call cost exceeds limit for rule: {Source.Rule}"
                    : $"rule evaluation error: {result.AsError.Message}: {Source.Rule}");
        }

        return result.IsTrue ? null : new RuleViolation(Evaluated(bindings, budget) ?? (Source.Message.Length > 0 ? Source.Message.Trim() : $"failed rule: {Source.Rule.Trim()}"));
    }

    private static CelEnvironment Environment(ValidationRule source, Schema schema, bool isRoot)
    {
        var self = SchemaTypes.Of(schema, isRoot);
        return new CelEnvironment(
        [
            new("self", self),
            new("oldSelf", source.OptionalOldSelf ? CelType.OptionalOf(self) : self),
        ]);
    }

    private static CelProgram Typed(string text, CelEnvironment environment, CelType expected, out CheckedTree tree)
    {
        var program = CelProgram.Compile(text, environment, out tree);
        return program.Type.Is(expected) ? program : throw new CelCompileException(text, [new CelIssue(0, $"must evaluate to a {expected}")]);
    }

    /// <summary>A message that is empty, too long or of several lines is not shown.</summary>
    private string? Evaluated(CelBindings bindings, CelBudget budget)
    {
        if (message?.Evaluate(bindings, budget) is not { Kind: CelKind.String } value || budget.IsExhausted)
        {
            return null;
        }

        var text = value.AsString.Trim();
        return text.Length is > 0 and <= LongestMessage && !text.Contains('\n') ? text : null;
    }
}

/// <param name="Message">What is wrong.</param>
/// <param name="IsBudget">Nothing more is to be evaluated for this object.</param>
public sealed record RuleViolation(string Message, bool IsBudget = false);
