using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Aggregation;

/// <summary>All APIs that other servers have, with what these say of them. Not to be changed.</summary>
/// <param name="Source">What is registered.</param>
/// <param name="Versions">Entries of the aggregated document.</param>
/// <param name="OpenApi">Addresses of documents of OpenAPI 3, by path below <c>/openapi/v3/</c>.</param>
internal sealed record ExtensionPicture(
    ExtensionApis.Picture Source,
    IReadOnlyDictionary<(string Group, string Version), JsonObject> Versions,
    IReadOnlyDictionary<string, string> OpenApi)
{
    public static readonly ExtensionPicture Empty = new(ExtensionApis.Picture.Empty, new Dictionary<(string, string), JsonObject>(), new Dictionary<string, string>());

    public bool SaysTheSameAs(ExtensionPicture other) =>
        Versions.Count == other.Versions.Count
        && Versions.All(v => other.Versions.TryGetValue(v.Key, out var there) && JsonNode.DeepEquals(v.Value, there))
        && OpenApi.Count == other.OpenApi.Count
        && OpenApi.All(p => other.OpenApi.GetValueOrDefault(p.Key) == p.Value);
}
