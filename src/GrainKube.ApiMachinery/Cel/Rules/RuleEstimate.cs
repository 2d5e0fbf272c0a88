namespace GrainKube.ApiMachinery.Cel.Rules;

/// <summary>What a rule costs at most, in cel-go's units, by estimate.</summary>
/// <param name="Index">Which rule of its place.</param>
/// <param name="Rule">One evaluation of the rule.</param>
/// <param name="Message">One evaluation of its <c>messageExpression</c>; null where there is none that could be estimated.</param>
/// <param name="MostOften">How often a value of the place fits into one request.</param>
/// <param name="IsTransition">The rule looks at <c>oldSelf</c>.</param>
public sealed record RuleEstimate(int Index, ulong Rule, ulong? Message, ulong MostOften, bool IsTransition)
{
    /// <summary>The most that one rule may cost, for all the places of an object where it is evaluated.</summary>
    public const ulong PerRule = 10_000_000;

    /// <summary>The most that all rules of a version of a custom resource may cost together.</summary>
    public const ulong PerSchema = 100_000_000;

    /// <param name="times">How often the place can be in one object; null where the schema does not bound it.</param>
    /// <returns>What the rule costs for one object; the greatest number where it is more than that.</returns>
    public ulong Total(ulong? times) => Estimation.Extent.Product(Rule, times ?? MostOften);
}
