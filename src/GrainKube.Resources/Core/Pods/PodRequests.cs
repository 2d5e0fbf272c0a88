using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Quantities;

namespace GrainKube.Resources.Core.Pods;

/// <summary>What a pod, or its containers together, ask for.</summary>
public static class PodRequests
{
    /// <summary>
    /// The sum over containers and sidecars, or more where an init container needs more at its turn (it runs beside the sidecars started before it).
    /// </summary>
    /// <param name="spec">The pod's spec.</param>
    /// <param name="list"><c>requests</c> or <c>limits</c>.</param>
    public static Dictionary<string, Quantity> OfContainers(JsonObject spec, string list = "requests")
    {
        var running = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var container in spec.Objects("containers"))
        {
            Add(running, container, list);
        }

        var sidecars = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        var starting = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var container in spec.Objects("initContainers"))
        {
            if (container.Text("restartPolicy") == "Always")
            {
                Add(running, container, list);
                Add(sidecars, container, list);
                Raise(starting, sidecars);
                continue;
            }

            var turn = new Dictionary<string, Quantity>(sidecars, StringComparer.Ordinal);
            Add(turn, container, list);
            Raise(starting, turn);
        }

        Raise(running, starting);
        return running;
    }

    /// <summary>What a pod asks for: what it says as a whole stands for its containers.</summary>
    /// <param name="spec">The pod's spec.</param>
    /// <param name="list"><c>requests</c> or <c>limits</c>.</param>
    public static Dictionary<string, Quantity> OfPod(JsonObject spec, string list = "requests")
    {
        var sum = OfContainers(spec, list);
        var whole = spec.Object("resources").Object(list);
        foreach (var (name, _) in whole ?? [])
        {
            if (Quantity.TryParse(whole.Text(name), out var amount, out var _))
            {
                sum[name] = amount;
            }
        }

        return sum;
    }

    private static void Add(Dictionary<string, Quantity> sum, JsonObject container, string list)
    {
        foreach (var (name, _) in container.Object("resources").Object(list) ?? [])
        {
            if (Quantity.TryParse(container.Object("resources").Object(list).Text(name), out var amount, out _))
            {
                sum[name] = sum.TryGetValue(name, out var sofar) ? sofar + amount : amount;
            }
        }
    }

    private static void Raise(Dictionary<string, Quantity> highest, Dictionary<string, Quantity> to)
    {
        foreach (var (name, amount) in to)
        {
            if (!highest.TryGetValue(name, out var sofar) || sofar < amount)
            {
                highest[name] = amount;
            }
        }
    }
}
