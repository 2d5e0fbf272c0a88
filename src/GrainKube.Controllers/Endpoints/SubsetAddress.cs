using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.Controllers.EndpointSlices;
using GrainKube.Controllers.ServiceEndpoints;

namespace GrainKube.Controllers.Endpoints;

/// <summary>One pod in a subset.</summary>
/// <param name="Ip">Its address.</param>
/// <param name="Ready">False puts it among the addresses that are not.</param>
/// <param name="Hostname">Empty for none.</param>
/// <param name="NodeName">Empty for none.</param>
/// <param name="Target">The pod.</param>
internal sealed record SubsetAddress(string Ip, bool Ready, string Hostname, string NodeName, SliceTarget Target)
{
    public static SubsetAddress From(JsonElement item, bool ready)
    {
        var target = item.TryGetProperty("targetRef", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        return new SubsetAddress(
            item.Text("ip"),
            ready,
            item.Text("hostname"),
            item.Text("nodeName"),
            target.ValueKind == JsonValueKind.Object
                ? new SliceTarget(target.Text("kind"), target.Text("namespace"), target.Text("name"), target.Text("uid"))
                : new SliceTarget("", "", "", ""));
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["ip"] = Ip };
        if (Hostname.Length > 0)
        {
            json["hostname"] = Hostname;
        }

        if (NodeName.Length > 0)
        {
            json["nodeName"] = NodeName;
        }

        json["targetRef"] = new JsonObject { ["kind"] = Target.Kind, ["namespace"] = Target.Namespace, ["name"] = Target.Name, ["uid"] = Target.Uid };
        return json;
    }
}
