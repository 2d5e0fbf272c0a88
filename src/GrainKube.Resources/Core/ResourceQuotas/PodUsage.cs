using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Resources.Core.ResourceQuotas;

/// <summary>What a pod counts for in quotas. Pure.</summary>
internal static class PodUsage
{
    // Their requests may be written without the prefix.
    private static readonly string[] Short = ["cpu", "memory", "ephemeral-storage"];

    public static bool Concerns(string name) =>
        name is "pods" or "limits.cpu" or "limits.memory" or "limits.ephemeral-storage" || Short.Contains(name) || name.StartsWith("hugepages-", StringComparison.Ordinal)
        || (name.StartsWith("requests.", StringComparison.Ordinal) && name != "requests.storage");

    public static void Add(Dictionary<string, Quantity> usage, JsonObject pod, DateTimeOffset now)
    {
        if (!Counts(pod, now))
        {
            return;
        }

        usage["pods"] = Quantity.FromUnits(1);
        foreach (var (name, amount) in Of(pod.Object("spec") ?? [], "requests"))
        {
            usage[$"requests.{name}"] = amount;
            if (Short.Contains(name) || name.StartsWith("hugepages-", StringComparison.Ordinal))
            {
                usage[name] = amount;
            }
        }

        foreach (var (name, amount) in Of(pod.Object("spec") ?? [], "limits").Where(l => Short.Contains(l.Key)))
        {
            usage[$"limits.{name}"] = amount;
        }
    }

    /// <summary>Names of wanted resources that a container leaves unsaid, upstream's way: <c>limits.cpu for: a,b; requests.memory for: a</c>; empty where all is said.</summary>
    /// <param name="spec">The pod's spec.</param>
    /// <param name="wanted">Names in <c>spec.hard</c>.</param>
    public static string Unsaid(JsonObject spec, IEnumerable<string> wanted)
    {
        var missing = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var name in wanted)
        {
            var (list, resource) = Short.Contains(name) ? ("requests", name)
                : name.Split('.', 2) is ["requests" or "limits", var rest] && Short.Contains(rest) ? (name[..name.IndexOf('.', StringComparison.Ordinal)], rest)
                : ("", "");
            if (list.Length == 0 || spec.Object("resources").Object(list)?[resource] is not null)
            {
                continue;
            }

            foreach (var container in spec.Objects("initContainers").Concat(spec.Objects("containers")).Where(c => c.Object("resources").Object(list)?[resource] is null))
            {
                (missing.TryGetValue(name, out var names) ? names : missing[name] = []).Add(container.Text("name"));
            }
        }

        return string.Join("; ", missing.Select(m => $"{m.Key} for: {string.Join(",", m.Value.Order(StringComparer.Ordinal))}"));
    }

    private static Dictionary<string, Quantity> Of(JsonObject spec, string list)
    {
        var sum = PodRequests.OfPod(spec, list);
        foreach (var (name, amount) in Amounts(spec.Object("overhead")))
        {
            if (list == "requests" || sum.ContainsKey(name))
            {
                sum[name] = sum.TryGetValue(name, out var sofar) ? sofar + amount : amount;
            }
        }

        return sum;
    }

    private static IEnumerable<(string Name, Quantity Amount)> Amounts(JsonObject? amounts)
    {
        foreach (var (name, _) in amounts ?? [])
        {
            if (Quantity.TryParse(amounts.Text(name), out var amount, out _))
            {
                yield return (name, amount);
            }
        }
    }

    private static bool Counts(JsonObject pod, DateTimeOffset now)
    {
        if (pod.Object("status").Text("phase") is "Succeeded" or "Failed")
        {
            return false;
        }

        // One that its node does not let go counts no more when its grace is over.
        return !DateTimeOffset.TryParse(pod.Object("metadata").Text("deletionTimestamp"), CultureInfo.InvariantCulture, out var deleted) || now <= deleted;
    }
}
