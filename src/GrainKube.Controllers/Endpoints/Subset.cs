using System.Text.Json.Nodes;

namespace GrainKube.Controllers.Endpoints;

/// <summary>Addresses that have the same ports.</summary>
/// <param name="Ports">Ordered; may be empty.</param>
/// <param name="Addresses">Ready ones and others, ordered.</param>
internal sealed record Subset(IReadOnlyList<SubsetPort> Ports, IReadOnlyList<SubsetAddress> Addresses)
{
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        Put(json, "addresses", Addresses.Where(a => a.Ready).Select(a => a.ToJson()));
        Put(json, "notReadyAddresses", Addresses.Where(a => !a.Ready).Select(a => a.ToJson()));
        Put(json, "ports", Ports.Select(p => p.ToJson()));
        return json;
    }

    private static void Put(JsonObject json, string member, IEnumerable<JsonObject> items)
    {
        var list = new JsonArray([.. items]);
        if (list.Count > 0)
        {
            json[member] = list;
        }
    }
}
