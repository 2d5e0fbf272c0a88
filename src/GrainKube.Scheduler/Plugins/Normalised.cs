namespace GrainKube.Scheduler.Plugins;

/// <summary>Brings raw scores to 0…100 by the highest among them.</summary>
internal static class Normalised
{
    public const long Best = 100;

    /// <summary>The highest becomes 100; all zero stays so.</summary>
    public static void Scaled(Span<long> scores)
    {
        var most = Max(scores);
        for (var i = 0; i < scores.Length && most > 0; i++)
        {
            scores[i] = scores[i] * Best / most;
        }
    }

    /// <summary>The highest becomes 0; all zero becomes 100.</summary>
    public static void Reversed(Span<long> scores)
    {
        var most = Max(scores);
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = most == 0 ? Best : Best - (scores[i] * Best / most);
        }
    }

    /// <summary>The highest becomes 100, the lowest 0; all equal becomes 0.</summary>
    public static void Stretched(Span<long> scores)
    {
        var (least, most) = (long.MaxValue, long.MinValue);
        foreach (var score in scores)
        {
            (least, most) = (Math.Min(least, score), Math.Max(most, score));
        }

        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = most == least ? 0 : (scores[i] - least) * Best / (most - least);
        }
    }

    private static long Max(ReadOnlySpan<long> scores)
    {
        var most = 0L;
        foreach (var score in scores)
        {
            most = Math.Max(most, score);
        }

        return most;
    }
}
