using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.Controllers.ServiceEndpoints;

namespace GrainKube.Controllers.EndpointSlices;

/// <summary>A port of every endpoint in a slice.</summary>
/// <param name="Name">The service port's name; empty where it has none.</param>
/// <param name="Protocol"><c>TCP</c>, <c>UDP</c> or <c>SCTP</c>.</param>
/// <param name="Port">Null means all ports.</param>
/// <param name="AppProtocol">As the service says it; null where it does not.</param>
internal sealed record SlicePort(string Name, string Protocol, int? Port, string? AppProtocol)
{
    public static SlicePort From(JsonElement port) => new(port.Text("name"), port.Text("protocol", "TCP"), port.Number("port"), port.TextOrNull("appProtocol"));

    /// <summary>The same text for the same ports in whatever order: endpoints with equal ports share slices.</summary>
    public static string KeyOf(IReadOnlyList<SlicePort> ports) => ports.Count == 1 ? ports[0].Text : string.Join('\n', ports.Select(p => p.Text).Order(StringComparer.Ordinal));

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["name"] = Name, ["protocol"] = Protocol };
        if (Port is { } port)
        {
            json["port"] = port;
        }

        if (AppProtocol is not null)
        {
            json["appProtocol"] = AppProtocol;
        }

        return json;
    }

    private string Text => string.Create(CultureInfo.InvariantCulture, $"{Name}/{Protocol}/{Port}/{AppProtocol}");
}
