using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.LimitRanges;

/// <summary>Compares what is asked for with what a LimitRange allows; breaches in upstream's words. Pure.</summary>
internal static class LimitBounds
{
    public static IEnumerable<string> OfContainers(JsonObject spec, V1LimitRangeItem item) =>
        ((spec["containers"] as JsonArray) ?? []).Concat((spec["initContainers"] as JsonArray) ?? []).OfType<JsonObject>()
        .SelectMany(c => Check(item, Read(c["resources"]?["requests"]), Read(c["resources"]?["limits"])));

    public static IEnumerable<string> OfPod(JsonObject spec, V1LimitRangeItem item) =>
        Check(item, PodRequests.OfPod(spec), PodRequests.OfPod(spec, "limits"));

    /// <summary>A claim has requests only.</summary>
    public static IEnumerable<string> OfClaim(JsonObject spec, V1LimitRangeItem item)
    {
        var requests = Read(spec["resources"]?["requests"]);
        foreach (var (name, least) in Sorted(item.Min))
        {
            if (Below(item.Type, name, least, requests, []) is { } breach)
            {
                yield return breach;
            }
        }

        foreach (var (name, most) in Sorted(item.Max))
        {
            var text = $"maximum {name} usage per {item.Type} is {most}";
            if (!requests.TryGetValue(name, out var asked))
            {
                yield return $"{text}.  No request is specified";
            }
            else if (asked > most)
            {
                yield return $"{text}, but request is {asked}";
            }
        }
    }

    private static IEnumerable<string> Check(V1LimitRangeItem item, Dictionary<string, Quantity> requests, Dictionary<string, Quantity> limits) =>
        Sorted(item.Min).Select(m => Below(item.Type, m.Name, m.Amount, requests, limits))
            .Concat(Sorted(item.Max).Select(m => Above(item.Type, m.Name, m.Amount, requests, limits)))
            .Concat(Sorted(item.MaxLimitRequestRatio).Select(m => Apart(item.Type, m.Name, m.Amount, requests, limits)))
            .OfType<string>();

    private static string? Below(string type, string name, Quantity least, Dictionary<string, Quantity> requests, Dictionary<string, Quantity> limits)
    {
        var text = $"minimum {name} usage per {type} is {least}";
        return !requests.TryGetValue(name, out var asked) ? $"{text}.  No request is specified"
            : asked < least ? $"{text}, but request is {asked}"
            : limits.TryGetValue(name, out var limit) && limit < least ? $"{text}, but limit is {limit}"
            : null;
    }

    private static string? Above(string type, string name, Quantity most, Dictionary<string, Quantity> requests, Dictionary<string, Quantity> limits)
    {
        var text = $"maximum {name} usage per {type} is {most}";
        return !limits.TryGetValue(name, out var limit) ? $"{text}.  No limit is specified"
            : limit > most ? $"{text}, but limit is {limit}"
            : requests.TryGetValue(name, out var asked) && asked > most ? $"{text}, but request is {asked}"
            : null;
    }

    private static string? Apart(string type, string name, Quantity most, Dictionary<string, Quantity> requests, Dictionary<string, Quantity> limits)
    {
        var text = $"{name} max limit to request ratio per {type} is {most}";
        if (!requests.TryGetValue(name, out var asked) || asked.IsZero)
        {
            return $"{text}, but no request is specified or request is 0";
        }

        if (!limits.TryGetValue(name, out var limit) || limit.IsZero)
        {
            return $"{text}, but no limit is specified or limit is 0";
        }

        var ratio = Exact(limit) / Exact(asked);
        return ratio > Exact(most) ? string.Create(CultureInfo.InvariantCulture, $"{text}, but provided ratio is {ratio:F6}") : null;
    }

    // Amounts too large for thousandths are whole anyway.
    private static double Exact(Quantity amount) => amount.Value > long.MaxValue / 1000 ? amount.Value : amount.MilliValue / 1000.0;

    private static IEnumerable<(string Name, Quantity Amount)> Sorted(IDictionary<string, ResourceQuantity>? amounts) =>
        (amounts ?? new Dictionary<string, ResourceQuantity>()).OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => (a.Key, a.Value.ToQuantity()));

    private static Dictionary<string, Quantity> Read(JsonNode? amounts)
    {
        var read = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var (name, amount) in amounts as JsonObject ?? [])
        {
            if (amount is not null && Quantity.TryParse((string?)amount ?? "", out var parsed, out _))
            {
                read[name] = parsed;
            }
        }

        return read;
    }
}
