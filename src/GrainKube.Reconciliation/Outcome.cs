namespace GrainKube.Reconciliation;

/// <summary>What a reconciliation came to. A failure is an exception: the key is then tried again with back-off.</summary>
/// <param name="WakeAfter">When to look at the key again although nothing changed; null means not.</param>
public readonly record struct Outcome(TimeSpan? WakeAfter)
{
    /// <summary>The world is as it should be, until something changes.</summary>
    public static Outcome Done => default;

    /// <summary>Look again after this time.</summary>
    public static Outcome WakeIn(TimeSpan delay) => new(delay);
}
