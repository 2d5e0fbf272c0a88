using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.Controllers.ServiceEndpoints;

namespace GrainKube.Controllers.Endpoints;

/// <summary>Addresses that have the same ports.</summary>
/// <param name="Ports">Ordered; may be empty.</param>
/// <param name="Addresses">Ready ones and others, ordered.</param>
internal sealed record Subset(IReadOnlyList<SubsetPort> Ports, IReadOnlyList<SubsetAddress> Addresses)
{
    public static Subset From(JsonElement item) => new(
        [.. item.Items("ports").Select(p => new SubsetPort(p.Text("name"), p.Text("protocol", "TCP"), p.Number("port") ?? 0, p.TextOrNull("appProtocol")))],
        [.. item.Items("addresses").Select(a => SubsetAddress.From(a, ready: true)), .. item.Items("notReadyAddresses").Select(a => SubsetAddress.From(a, ready: false))]);

    /// <summary>The same in JSON, where ready addresses stand before others.</summary>
    public bool Says(Subset other) =>
        Ports.SequenceEqual(other.Ports) && Addresses.OrderByDescending(a => a.Ready).SequenceEqual(other.Addresses.OrderByDescending(a => a.Ready));

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
