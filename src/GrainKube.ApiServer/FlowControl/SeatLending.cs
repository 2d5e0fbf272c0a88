namespace GrainKube.ApiServer.FlowControl;

/// <summary>A level that lends and borrows seats.</summary>
/// <param name="Target">What it would have if there were enough: what it is expected to need.</param>
/// <param name="Lowest">What it keeps in any case.</param>
/// <param name="Highest">What it may have at most.</param>
internal readonly record struct Borrower(double Target, double Lowest, double Highest);

/// <summary>Divides the seats of the server among its levels by what they need: each gets the same part of its target, as far as its bounds let it.</summary>
internal static class SeatLending
{
    private const double SmallestTarget = 0.001;

    /// <returns>Seats of each level; they add up to <paramref name="total"/> where the bounds allow that.</returns>
    public static double[] Divide(double total, IReadOnlyList<Borrower> levels)
    {
        var shares = new double[levels.Count];
        if (levels.Count == 0)
        {
            return shares;
        }

        // What all get together grows with the part that each gets: the right part is between nothing and what fills everybody.
        var (low, high) = (0.0, levels.Max(l => l.Highest / Math.Max(l.Target, SmallestTarget)) + 1);
        for (var step = 0; step < 64; step++)
        {
            var part = (low + high) / 2;
            if (Fill(part, levels, shares) < total)
            {
                low = part;
            }
            else
            {
                high = part;
            }
        }

        Fill(high, levels, shares);
        return shares;
    }

    private static double Fill(double part, IReadOnlyList<Borrower> levels, double[] shares)
    {
        var sum = 0.0;
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = Math.Clamp(part * Math.Max(levels[i].Target, SmallestTarget), levels[i].Lowest, Math.Max(levels[i].Lowest, levels[i].Highest));
            sum += shares[i];
        }

        return sum;
    }
}
