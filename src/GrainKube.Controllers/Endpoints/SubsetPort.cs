using System.Text.Json.Nodes;

namespace GrainKube.Controllers.Endpoints;

/// <summary>A port of every address in a subset.</summary>
internal sealed record SubsetPort(string Name, string Protocol, int Port, string? AppProtocol)
{
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Name.Length > 0)
        {
            json["name"] = Name;
        }

        json["port"] = Port;
        json["protocol"] = Protocol;
        if (AppProtocol is not null)
        {
            json["appProtocol"] = AppProtocol;
        }

        return json;
    }
}
