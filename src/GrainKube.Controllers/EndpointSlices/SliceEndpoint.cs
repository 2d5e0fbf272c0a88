using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.Controllers.ServiceEndpoints;

namespace GrainKube.Controllers.EndpointSlices;

/// <summary>One endpoint of a slice. Two that are equal need no rewrite.</summary>
internal sealed record SliceEndpoint
{
    /// <summary>The address; several that somebody else wrote are joined by commas and thereby equal none of ours.</summary>
    public required string Address { get; init; }
    public bool? Ready { get; init; }
    public bool? Serving { get; init; }
    public bool? Terminating { get; init; }
    public string? Hostname { get; init; }
    public string? NodeName { get; init; }
    public string? Zone { get; init; }
    public SliceTarget? Target { get; init; }

    /// <summary>Consumers of this zone are to use it; null for no hint.</summary>
    public string? ForZone { get; init; }

    /// <summary>Consumers of this node are to use it; null for no hint.</summary>
    public string? ForNode { get; init; }

    /// <summary>What makes it the same endpoint, although its state may differ.</summary>
    public (string Address, string? Hostname, string? Name) Identity => (Address, Hostname, Target?.Name);

    public static SliceEndpoint From(JsonElement item)
    {
        var conditions = item.TryGetProperty("conditions", out var found) ? found : default;
        var known = conditions.ValueKind == JsonValueKind.Object;
        var target = item.TryGetProperty("targetRef", out var reference) && reference.ValueKind == JsonValueKind.Object ? reference : default;
        var hints = item.TryGetProperty("hints", out var hint) && hint.ValueKind == JsonValueKind.Object ? hint : default;
        var hinted = hints.ValueKind == JsonValueKind.Object;
        return new SliceEndpoint
        {
            Address = string.Join(',', item.Items("addresses").Select(a => a.GetString())),
            Ready = known ? conditions.Flag("ready") : null,
            Serving = known ? conditions.Flag("serving") : null,
            Terminating = known ? conditions.Flag("terminating") : null,
            Hostname = item.TextOrNull("hostname"),
            NodeName = item.TextOrNull("nodeName"),
            Zone = item.TextOrNull("zone"),
            Target = target.ValueKind == JsonValueKind.Object
                ? new SliceTarget(target.Text("kind"), target.Text("namespace"), target.Text("name"), target.Text("uid"))
                : null,
            ForZone = hinted ? Names(hints, "forZones") : null,
            ForNode = hinted ? Names(hints, "forNodes") : null,
        };
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["addresses"] = new JsonArray(Address), ["conditions"] = Conditions() };
        if (Hostname is not null)
        {
            json["hostname"] = Hostname;
        }

        if (Target is not null)
        {
            json["targetRef"] = TargetJson(Target);
        }

        if (NodeName is not null)
        {
            json["nodeName"] = NodeName;
        }

        if (Zone is not null)
        {
            json["zone"] = Zone;
        }

        if (ForZone is not null || ForNode is not null)
        {
            json["hints"] = Hints();
        }

        return json;
    }

    private JsonObject Conditions()
    {
        var json = new JsonObject();
        Put(json, "ready", Ready);
        Put(json, "serving", Serving);
        Put(json, "terminating", Terminating);
        return json;
    }

    private JsonObject Hints()
    {
        var json = new JsonObject();
        if (ForZone is not null)
        {
            json["forZones"] = new JsonArray(new JsonObject { ["name"] = ForZone });
        }

        if (ForNode is not null)
        {
            json["forNodes"] = new JsonArray(new JsonObject { ["name"] = ForNode });
        }

        return json;
    }

    private static JsonObject TargetJson(SliceTarget target)
    {
        var json = new JsonObject();
        foreach (var (member, value) in (ReadOnlySpan<(string, string)>)[("kind", target.Kind), ("namespace", target.Namespace), ("name", target.Name), ("uid", target.Uid)])
        {
            if (value.Length > 0)
            {
                json[member] = value;
            }
        }

        return json;
    }

    private static void Put(JsonObject json, string member, bool? value)
    {
        if (value is { } known)
        {
            json[member] = known;
        }
    }

    private static string? Names(JsonElement hints, string member) =>
        hints.TryGetProperty(member, out _) ? string.Join(',', hints.Items(member).Select(h => h.Text("name"))) : null;
}
