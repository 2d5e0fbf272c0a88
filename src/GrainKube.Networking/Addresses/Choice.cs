namespace GrainKube.Networking.Addresses;

/// <summary>Chooses what to give out. Pure but for the dice.</summary>
internal static class Choice
{
    /// <summary>
    /// A free index: from a random place on in the upper part, which nobody chooses by hand, and only when that is full from the lower part (KEP-3070, KEP-3668).
    /// </summary>
    /// <param name="count">How many there are.</param>
    /// <param name="staticCount">How many of them, at the start, are the lower part.</param>
    /// <param name="isTaken">A hint: what is wrongly free is found out by the commit.</param>
    /// <returns>Null where all are taken.</returns>
    public static long? Of(long count, long staticCount, Func<long, bool> isTaken) => From(staticCount, count, isTaken) ?? From(0, staticCount, isTaken);

    private static long? From(long start, long end, Func<long, bool> isTaken)
    {
        var count = end - start;
        if (count <= 0)
        {
            return null;
        }

        var offset = Random.Shared.NextInt64(count);
        for (var step = 0L; step < count; step++)
        {
            var index = start + ((offset + step) % count);
            if (!isTaken(index))
            {
                return index;
            }
        }

        return null;
    }
}
