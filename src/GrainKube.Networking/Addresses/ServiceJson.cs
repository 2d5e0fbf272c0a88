using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Networking.Addresses;

/// <summary>Reads and fills fields of a Service's tree.</summary>
internal static class ServiceJson
{
    private static readonly JsonObject Nothing = [];

    public static JsonObject Spec(this JsonObject? item) => item?["spec"] as JsonObject ?? Nothing;

    public static string Text(this JsonObject item, string name) => item[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public static int Integer(this JsonObject item, string name) =>
        item[name] is not JsonValue value ? 0 : value.TryGetValue<int>(out var number) ? number : value.TryGetValue<long>(out var wide) ? (int)wide : 0;

    public static List<string> Texts(this JsonObject item, string name) => item[name] is JsonArray list ? [.. list.Select(e => (string?)e ?? "")] : [];

    public static List<JsonObject> Ports(this JsonObject spec) => spec["ports"] is JsonArray list ? [.. list.OfType<JsonObject>()] : [];

    public static void Set(this JsonObject item, string name, int number) => item[name] = JsonNumber.Of(number);
}
