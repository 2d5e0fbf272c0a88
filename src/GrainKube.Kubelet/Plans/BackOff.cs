namespace GrainKube.Kubelet.Plans;

/// <summary>A pause that doubles with each failure in a row.</summary>
/// <param name="First">After the first failure.</param>
/// <param name="Longest">It grows no further.</param>
internal readonly record struct BackOff(TimeSpan First, TimeSpan Longest)
{
    /// <param name="failures">How many there were in a row; none, no pause.</param>
    public TimeSpan After(int failures)
    {
        if (failures <= 0)
        {
            return TimeSpan.Zero;
        }

        var pause = First * Math.Pow(2, Math.Min(failures, 30) - 1);
        return pause < Longest ? pause : Longest;
    }
}
