namespace GrainKube.Scheduler.Nodes;

/// <summary>Amounts of every kind of resource, by position (see <see cref="ResourceNames"/>): flat numbers, no look-ups in the inner loop.</summary>
internal readonly struct ResourceVector(long[] amounts)
{
    /// <summary>Positions of the resources that every node has.</summary>
    public const int Cpu = 0;
    public const int Memory = 1;
    public const int EphemeralStorage = 2;
    public const int Pods = 3;

    private readonly long[]? amounts = amounts;

    public ReadOnlySpan<long> Amounts => amounts;

    public long this[int index] => amounts is not null && index < amounts.Length ? amounts[index] : 0;
}
