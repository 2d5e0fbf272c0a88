using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Tables;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiServer.CustomResources;

/// <summary>A kind that a CustomResourceDefinition describes.</summary>
internal sealed class CustomResource : ResourceDefinition
{
    private readonly Dictionary<ServedVersion, CustomVersion> rules = [];

    /// <param name="definition">What the CustomResourceDefinition says.</param>
    /// <param name="parts">What its versions are made with.</param>
    public CustomResource(CustomResourceSpec definition, CustomResourceParts parts)
        : base(definition.Names)
    {
        var all = definition.Versions.ToDictionary(v => v.Name, v => new CustomVersion(definition, v, parts.Metadata, parts.Rules));
        var conversion = parts.ConversionFor(definition);
        foreach (var version in all.Values)
        {
            version.Connect(all, definition.Storage, conversion);
        }

        Versions = [.. definition.Versions.OrderByDescending(v => v.Name == definition.Storage).Select(v => all[v.Name].Served)];
        foreach (var version in all.Values)
        {
            rules[version.Served] = version;
        }

        Strategy = new CustomResourceStrategy(GroupResource, definition.IsTerminating);
        HasGeneration = true;
        HasStatus = definition.Versions.Any(v => v.HasStatus);
        Scale = (definition.Versions.FirstOrDefault(v => v.Name == definition.Storage && v.Scale is not null) ?? definition.Versions.FirstOrDefault(v => v.Scale is not null))?.Scale;
        KeptByStatus = AllMetadata;
        AllowsUnconditionalUpdate = false;
        SelectableFields = definition.Versions.SelectMany(v => v.SelectableFields).Distinct(StringComparer.Ordinal).ToDictionary(f => f.TrimStart('.'), Reader);
    }

    public override IReadOnlyList<ServedVersion> Versions { get; }

    public override Type? Model => null;

    public override void Validate(JsonObject next, StoredObject? current, string subresource, FieldErrors errors, IList<string> warnings) =>
        Validate(Versions[0], next, current, subresource, errors, warnings);

    public override void Validate(ServedVersion served, JsonObject next, StoredObject? current, string subresource, FieldErrors errors, IList<string> warnings)
    {
        var before = current?.Node;
        if (!ReferenceEquals(served, Versions[0]))
        {
            // What a version demands it demands of its own form.
            (next, before) = (InVersion(served, next), before is null ? null : InVersion(served, before));
        }

        rules[served].Validate(next, before, errors);
    }

    private static JsonObject InVersion(ServedVersion served, JsonObject item)
    {
        var copy = (JsonObject)item.DeepClone();
        served.FromStorage!(copy);
        return copy;
    }

    private Func<KubeObject, string> Reader(string path)
    {
        var parsed = JsonPath.Parse(path);
        return item => parsed.Find(JsonNode.Parse(Endpoints.VersionedJson.Of(item, Versions[0]).Span)!) is [JsonValue value, ..]
            ? value.TryGetValue<string>(out var text) ? text : value.ToJsonString()
            : "";
    }
}
