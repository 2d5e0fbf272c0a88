namespace GrainKube.Kubelet.Pressure;

/// <summary>What was seen so far.</summary>
/// <param name="Since">Thresholds that are crossed, and since when.</param>
/// <param name="Seen">When each pressure was last seen.</param>
internal sealed record PressureHistory(IReadOnlyDictionary<Threshold, DateTimeOffset> Since, IReadOnlyDictionary<Pressures, DateTimeOffset> Seen)
{
    public static readonly PressureHistory None = new(new Dictionary<Threshold, DateTimeOffset>(), new Dictionary<Pressures, DateTimeOffset>());
}

/// <summary>Decides from the machine's figures what the node is short of, and for which thresholds something must be done now. Pure.</summary>
/// <param name="History">What the next decision needs.</param>
/// <param name="Pressures">What the Node's conditions say: a pressure is told of until it has not been seen for the transition period, so that it does not flap.</param>
/// <param name="Due">Thresholds whose grace is over; memory first, because its shortage is the soonest to hurt.</param>
internal sealed record PressurePlan(PressureHistory History, Pressures Pressures, IReadOnlyList<Threshold> Due)
{
    /// <param name="before">What was seen so far.</param>
    /// <param name="thresholds">The thresholds.</param>
    /// <param name="figures">The machine.</param>
    /// <param name="transition">How long a pressure is told of after it was last seen.</param>
    /// <param name="now">The time.</param>
    public static PressurePlan For(PressureHistory before, IReadOnlyList<Threshold> thresholds, MachineFigures figures, TimeSpan transition, DateTimeOffset now)
    {
        // What was acted upon stays crossed until so much is left that acting was worth it.
        var crossed = thresholds.Where(t => t.IsMet(figures, withReclaim: before.Since.TryGetValue(t, out var since) && now - since >= t.Grace)).ToList();
        var begun = crossed.ToDictionary(t => t, t => before.Since.TryGetValue(t, out var since) ? since : now);
        var seen = new Dictionary<Pressures, DateTimeOffset>(before.Seen);
        foreach (var threshold in crossed)
        {
            seen[Signals.PressureOf(threshold.Signal)] = now;
        }

        var told = seen.Where(s => s.Value == now || now - s.Value < transition).Aggregate(Pressures.None, (all, s) => all | s.Key);
        return new PressurePlan(
            new PressureHistory(begun, seen), told, [.. crossed.Where(t => now - begun[t] >= t.Grace).OrderBy(t => t.Signal != Signal.MemoryAvailable)]);
    }
}
