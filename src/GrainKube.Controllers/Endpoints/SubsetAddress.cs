using System.Text.Json.Nodes;
using GrainKube.Controllers.ServiceEndpoints;

namespace GrainKube.Controllers.Endpoints;

/// <summary>One pod in a subset.</summary>
internal sealed record SubsetAddress(string Ip, bool Ready, string Hostname, PodEndpoint Pod)
{
    public JsonObject ToJson()
    {
        var header = Pod.Item.Header;
        var json = new JsonObject { ["ip"] = Ip };
        if (Hostname.Length > 0)
        {
            json["hostname"] = Hostname;
        }

        if (Pod.NodeName.Length > 0)
        {
            json["nodeName"] = Pod.NodeName;
        }

        json["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = header.Namespace, ["name"] = header.Name, ["uid"] = header.Uid };
        return json;
    }
}
