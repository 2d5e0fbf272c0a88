using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;

namespace GrainKube.ApiMachinery.Patches;

/// <summary>The meaning of <c>$setElementOrder</c>: what the client named comes in its order, what only the server knows keeps its neighbours.</summary>
internal static class ListOrder
{
    /// <summary>The elements of a patch must appear in the order list, in the same order.</summary>
    /// <exception cref="ApiException">422: they do not.</exception>
    public static void Check(JsonArray changes, JsonArray order, string? key)
    {
        if (order.Count == 0 || changes.Count == 0)
        {
            return;
        }

        var next = 0;
        foreach (var change in changes)
        {
            if (change is JsonObject item && item.ContainsKey(StrategicMergePatch.Directive))
            {
                continue;
            }

            while (next < order.Count && !Same(change, order[next], key))
            {
                next++;
            }

            if (next++ >= order.Count)
            {
                throw ApiException.PatchDoesNotFit();
            }
        }
    }

    /// <param name="merged">The list after merging; emptied.</param>
    /// <param name="order">What the client wants first to last.</param>
    /// <param name="before">The list as it was, for the places of elements that the client did not name.</param>
    /// <param name="key">The merge key, or null for scalars.</param>
    public static JsonArray Arrange(JsonArray merged, JsonArray order, IReadOnlyList<JsonNode?> before, string? key)
    {
        var elements = merged.ToArray();
        merged.Clear();
        var named = elements.Where(e => Position(order, e, key) >= 0).OrderBy(e => Position(order, e, key)).ToList();
        var others = elements.Where(e => Position(order, e, key) < 0).ToList();
        var arranged = new JsonArray();
        var (n, o) = (0, 0);
        while (n < named.Count || o < others.Count)
        {
            var takesOther = n >= named.Count
                || (o < others.Count && Place(before, others[o], key) is >= 0 and var other && Place(before, named[n], key) is >= 0 and var mine && other < mine);
            arranged.Add(takesOther ? others[o++] : named[n++]);
        }

        return arranged;
    }

    private static int Position(JsonArray order, JsonNode? element, string? key)
    {
        for (var i = 0; i < order.Count; i++)
        {
            if (Same(element, order[i], key))
            {
                return i;
            }
        }

        return -1;
    }

    private static int Place(IReadOnlyList<JsonNode?> before, JsonNode? element, string? key)
    {
        for (var i = 0; i < before.Count; i++)
        {
            if (Same(element, before[i], key))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool Same(JsonNode? left, JsonNode? right, string? key) =>
        key is null ? JsonNode.DeepEquals(left, right) : JsonNode.DeepEquals(ListMerge.Key(left, key), ListMerge.Key(right, key));
}
