using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Quantities;
using k8s.Models;

namespace GrainKube.Resources.Core.ResourceQuotas;

/// <summary>What a quota says to a write: refusal in upstream's words, or what it will have used. Pure.</summary>
/// <param name="Refusal">Null where the write may be.</param>
/// <param name="Used">The changed amounts of <c>status.used</c>; empty where the write does not count.</param>
public sealed record QuotaDecision(string? Refusal, IReadOnlyDictionary<string, Quantity> Used)
{
    private static readonly QuotaDecision Unconcerned = new(null, new Dictionary<string, Quantity>());

    /// <param name="quota">The quota.</param>
    /// <param name="kind">Kind of the object that is written.</param>
    /// <param name="next">The object after the write.</param>
    /// <param name="current">Before it; null where it is created.</param>
    /// <param name="now">The time.</param>
    public static QuotaDecision For(V1ResourceQuota quota, GroupResource kind, JsonObject next, JsonObject? current, DateTimeOffset now)
    {
        var hard = Amounts(quota.Spec?.Hard);
        var names = hard.Keys.Where(n => QuotaUsage.Concerns(kind, n)).ToList();
        if (names.Count == 0 || !QuotaScopes.Match(quota.Spec!, kind, next))
        {
            return Unconcerned;
        }

        if (current is null && kind is { Group: "", Resource: "pods" } && PodUsage.Unsaid(next.Object("spec") ?? [], names) is { Length: > 0 } unsaid)
        {
            return Refused($"failed quota: {quota.Metadata.Name}: must specify {unsaid}");
        }

        var delta = Delta(QuotaUsage.Of(kind, next, now), current is null || !QuotaScopes.Match(quota.Spec!, kind, current) ? null : QuotaUsage.Of(kind, current, now), names);
        if (delta.Count == 0)
        {
            return Unconcerned;
        }

        var used = Amounts(quota.Status?.Used);
        if (delta.Keys.Where(n => !used.ContainsKey(n)).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } unknown)
        {
            return Refused($"status unknown for quota: {quota.Metadata.Name}, resources: {string.Join(",", unknown)}");
        }

        var sum = delta.ToDictionary(d => d.Key, d => used[d.Key] + d.Value, StringComparer.Ordinal);
        var over = sum.Where(s => s.Value > hard[s.Key]).Select(s => s.Key).Order(StringComparer.Ordinal).ToList();
        return over.Count == 0
            ? new QuotaDecision(null, sum)
            : Refused($"exceeded quota: {quota.Metadata.Name}, requested: {List(over, delta)}, used: {List(over, used)}, limited: {List(over, hard)}");
    }

    /// <summary>What objects count for in a quota, all its names included.</summary>
    public static Dictionary<string, Quantity> Recount(V1ResourceQuota quota, IEnumerable<KubeObject> items, DateTimeOffset now)
    {
        var used = Amounts(quota.Spec?.Hard).ToDictionary(h => h.Key, _ => Quantity.Zero, StringComparer.Ordinal);
        var hasScopes = quota.Spec?.Scopes is { Count: > 0 } || quota.Spec?.ScopeSelector?.MatchExpressions is { Count: > 0 };
        foreach (var item in items)
        {
            if (hasScopes && !QuotaScopes.Match(quota.Spec!, item.Key.GroupResource, item.ToNode()))
            {
                continue;
            }

            foreach (var (name, amount) in UsageOf(item, now))
            {
                if (used.TryGetValue(name, out var sofar))
                {
                    used[name] = sofar + amount;
                }
            }
        }

        return used;
    }

    // Counted once for each version of an object; only of one that is going away the time changes what it counts for.
    private static Dictionary<string, Quantity> UsageOf(KubeObject item, DateTimeOffset now) => item.Header.DeletionTimestamp is null
        ? item.Derive(static o => new Counted(QuotaUsage.Of(o.Key.GroupResource, o.ToNode(), DateTimeOffset.MinValue))).Usage
        : QuotaUsage.Of(item.Key.GroupResource, item.ToNode(), now);

    private sealed record Counted(Dictionary<string, Quantity> Usage);

    /// <summary>Only what grows: what shrinks is counted anew afterwards.</summary>
    private static Dictionary<string, Quantity> Delta(Dictionary<string, Quantity> next, Dictionary<string, Quantity>? current, List<string> names)
    {
        var delta = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var amount = next.GetValueOrDefault(name) - (current?.GetValueOrDefault(name) ?? Quantity.Zero);
            if (amount.Sign > 0)
            {
                delta[name] = amount;
            }
        }

        return delta;
    }

    private static QuotaDecision Refused(string message) => new(message, Unconcerned.Used);

    private static string List(List<string> names, IReadOnlyDictionary<string, Quantity> amounts) => string.Join(",", names.Select(n => $"{n}={amounts[n]}"));

    private static Dictionary<string, Quantity> Amounts(IDictionary<string, ResourceQuantity>? amounts) =>
        (amounts ?? new Dictionary<string, ResourceQuantity>()).ToDictionary(a => a.Key, a => a.Value.ToQuantity(), StringComparer.Ordinal);
}
