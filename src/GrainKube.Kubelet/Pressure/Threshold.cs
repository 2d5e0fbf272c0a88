using System.Globalization;
using GrainKube.ApiMachinery.Durations;
using GrainKube.ApiMachinery.Quantities;

namespace GrainKube.Kubelet.Pressure;

/// <summary>An amount, either in units or as a share of what there is.</summary>
/// <param name="Units">Bytes, inodes or processes; 0 where it is a share.</param>
/// <param name="Share">Between 0 and 1.</param>
internal readonly record struct Amount(long Units, double Share)
{
    public long Of(long capacity) => Units > 0 ? Units : (long)(capacity * Share);
}

/// <summary>The least that must be left of something.</summary>
/// <param name="Signal">Of what.</param>
/// <param name="Least">Less than this is too little.</param>
/// <param name="Reclaim">How much more must be left before it counts as enough again.</param>
/// <param name="Grace">How long it may be too little before pods go; zero is a hard threshold.</param>
internal sealed record Threshold(Signal Signal, Amount Least, Amount Reclaim = default, TimeSpan Grace = default)
{
    public bool IsHard => Grace == TimeSpan.Zero;

    public bool IsMet(MachineFigures figures, bool withReclaim) =>
        figures.Of(Signal) is { } stock && stock.Available < Least.Of(stock.Capacity) + (withReclaim ? Reclaim.Of(stock.Capacity) : 0);
}

/// <summary>Reads thresholds as the kubelet's flags write them: <c>memory.available&lt;100Mi,nodefs.available&lt;10%</c>.</summary>
internal static class Thresholds
{
    /// <param name="hard">Hard thresholds.</param>
    /// <param name="soft">Soft ones.</param>
    /// <param name="softGrace">For each soft one <c>signal=1m30s</c>.</param>
    /// <param name="minimumReclaim"><c>signal=500Mi</c>, for either.</param>
    /// <exception cref="FormatException">They cannot be read; the message names the mistake.</exception>
    public static IReadOnlyList<Threshold> Parse(string hard, string soft = "", string softGrace = "", string minimumReclaim = "")
    {
        var graces = Pairs(softGrace, '=').ToDictionary(pair => pair.Signal, pair => Duration(pair.Value));
        var reclaims = Pairs(minimumReclaim, '=').ToDictionary(pair => pair.Signal, pair => AmountOf(pair.Name, pair.Value));
        var softly = Pairs(soft, '<').Select(pair => new Threshold(
            pair.Signal,
            AmountOf(pair.Name, pair.Value),
            Grace: graces.TryGetValue(pair.Signal, out var grace) ? grace : throw new FormatException($"grace period must be specified for the soft eviction threshold {pair.Name}")));
        return [.. Pairs(hard, '<').Select(pair => new Threshold(pair.Signal, AmountOf(pair.Name, pair.Value))).Concat(softly)
            .Where(threshold => threshold.Least is { Units: > 0 } or { Share: > 0 and < 1 }) // 0% and 100% switch a threshold off
            .Select(threshold => threshold with { Reclaim = reclaims.GetValueOrDefault(threshold.Signal) })];
    }

    private static IEnumerable<(string Name, Signal Signal, string Value)> Pairs(string text, char separator)
    {
        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf(separator);
            var name = at < 0 ? pair : pair[..at];
            yield return at < 0 ? throw new FormatException($"malformed pair, expect string{separator}string: {pair}")
                : (name, Signals.Find(name) ?? throw new FormatException($"unsupported eviction signal {name}"), pair[(at + 1)..]);
        }
    }

    private static Amount AmountOf(string signal, string value)
    {
        if (value.EndsWith('%'))
        {
            return float.TryParse(value[..^1], NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var percent)
                ? new Amount(0, percent is >= 0 and <= 100 ? percent / 100 : throw new FormatException($"eviction percentage threshold {signal} must be {(percent < 0 ? ">= 0" : "<= 100")}%: {value}"))
                : throw new FormatException($"eviction threshold {signal} is no percentage: {value}");
        }

        return !Quantity.TryParse(value, out var quantity, out var complaint) ? throw new FormatException($"eviction threshold {signal}: {complaint}")
            : quantity.Sign <= 0 ? throw new FormatException($"eviction threshold {signal} must be positive: {value}")
            : new Amount(quantity.Value, 0);
    }

    private static TimeSpan Duration(string text) =>
        !GoDuration.TryParse(text, out var period) ? throw new FormatException($"invalid duration \"{text}\"")
        : period > TimeSpan.Zero ? period
        : throw new FormatException($"invalid eviction grace period specified: {text}, must be a positive value");
}
