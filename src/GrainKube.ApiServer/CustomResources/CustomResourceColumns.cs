using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Tables;
using GrainKube.ApiServer.Endpoints;

namespace GrainKube.ApiServer.CustomResources;

/// <summary>The <c>additionalPrinterColumns</c> of a version behind the name; only the age where it has none, or one whose path cannot be read, which nobody refuses.</summary>
internal sealed class CustomResourceColumns : IColumns
{
    private readonly Func<ServedVersion> version;
    private readonly List<(string Type, JsonPath Path)> paths = [];

    public CustomResourceColumns(IReadOnlyList<JsonObject> columns, Func<ServedVersion> version)
    {
        this.version = version;
        var made = new List<TableColumn> { NameAndAge.Name };
        var shown = columns.Select(column => Text(column, "jsonPath")).All(IsPath) ? columns : [];
        foreach (var column in shown)
        {
            var name = Text(column, "name");
            var description = Text(column, "description");
            made.Add(new TableColumn(
                name,
                Text(column, "type"),
                description.Length > 0 ? description : $"Custom resource definition column (in JSONPath format): {Text(column, "jsonPath")}",
                column["priority"] is JsonValue priority ? (int)priority : 0,
                Text(column, "format")));
            paths.Add((Text(column, "type"), JsonPath.Parse(Text(column, "jsonPath"))));
        }

        if (shown.Count == 0)
        {
            made.Add(new TableColumn("Age", "date", "CreationTimestamp is a timestamp representing the server time when this object was created."));
            paths.Add(("date", JsonPath.Parse(".metadata.creationTimestamp")));
        }

        Columns = made;
    }

    public IReadOnlyList<TableColumn> Columns { get; }

    public IReadOnlyList<object?> Cells(KubeObject item, DateTimeOffset now)
    {
        var node = JsonNode.Parse(VersionedJson.Of(item, version()).Span)!;
        return [item.Header.Name, .. paths.Select(p => Cell(p.Path.Find(node), p.Type, now))];
    }

    private static object? Cell(IReadOnlyList<JsonNode?> found, string type, DateTimeOffset now)
    {
        if (found is not [{ } first, ..])
        {
            return null;
        }

        // Several values in a text are shown one behind the other.
        return type switch
        {
            "integer" => Number(first) is { } number ? (long)number : null,
            "number" => Number(first),
            "boolean" => first is JsonValue flag && flag.TryGetValue<bool>(out var yes) ? yes : null,
            "date" => DateTimeOffset.TryParse(Plain(first), CultureInfo.InvariantCulture, out var at) ? Age.Of(at, now) : "<invalid>",
            _ => found.Count == 1 ? Plain(first) : string.Join(" ", found.Select(Plain)),
        };
    }

    private static bool IsPath(string text)
    {
        try
        {
            JsonPath.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static double? Number(JsonNode node) =>
        node is JsonValue value && double.TryParse(Plain(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Plain(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString() ?? "";

    private static string Text(JsonObject column, string name) => (string?)column[name] ?? "";
}
