namespace GrainKube.Kubelet.Probes;

/// <summary>Turns outcomes into a verdict that changes only after enough equal outcomes in a row. Pure.</summary>
/// <param name="initial">The verdict before anything was asked.</param>
/// <param name="successThreshold">Successes in a row that make it true.</param>
/// <param name="failureThreshold">Failures in a row that make it false.</param>
internal sealed class ProbeCounter(bool? initial, int successThreshold, int failureThreshold)
{
    private bool? last;
    private int inARow;

    /// <summary>True, false, or null while unknown.</summary>
    public bool? Verdict { get; private set; } = initial;

    /// <returns>Whether the verdict changed.</returns>
    public bool Add(bool success)
    {
        inARow = last == success ? inARow + 1 : 1;
        last = success;
        var before = Verdict;
        if (inARow >= (success ? successThreshold : failureThreshold))
        {
            Verdict = success;
        }

        return before != Verdict;
    }
}
