namespace GrainKube.ApiMachinery.Cel;

/// <summary>What the evaluations for one request may cost together, in cel-go's units (about 100 ns). Not thread safe.</summary>
/// <param name="limit">How much there is.</param>
public sealed class CelBudget(long limit)
{
    /// <summary>The most one evaluation may cost.</summary>
    public const long PerCall = 1_000_000;

    /// <summary>What all rules of a custom resource, or of a policy's binding, may cost for one object.</summary>
    public const long PerObject = 10_000_000;

    /// <summary>What the match conditions of one webhook or binding may cost.</summary>
    public const long MatchConditions = 2_500_000;

    /// <summary>What is left; negative once too much was spent.</summary>
    public long Left { get; private set; } = limit;

    public bool IsExhausted => Left < 0;

    internal void Spend(long cost) => Left -= cost;
}
