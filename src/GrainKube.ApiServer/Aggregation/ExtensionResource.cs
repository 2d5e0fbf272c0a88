using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Aggregation;

/// <summary>A resource that another server has, as its discovery document says.</summary>
/// <param name="Target">That server.</param>
/// <param name="Group">Of the API.</param>
/// <param name="Version">Of the API.</param>
/// <param name="Name">The plural.</param>
/// <param name="Kind">Of its objects.</param>
/// <param name="IsNamespaced">Its objects are in namespaces.</param>
/// <param name="Verbs">What can be done with it.</param>
internal sealed record ExtensionResource(ExtensionTarget Target, string Group, string Version, string Name, string Kind, bool IsNamespaced, IReadOnlyList<string> Verbs)
{
    /// <summary>Of a version whose document is current.</summary>
    public static IEnumerable<ExtensionResource> Of(ExtensionPicture picture, (string Group, string Version) api, JsonObject entry) =>
        from resource in (entry["resources"] as JsonArray ?? []).OfType<JsonObject>()
        select new ExtensionResource(
            picture.Source.ByVersion[api].Target!,
            api.Group,
            api.Version,
            (string?)resource["resource"] ?? "",
            (string?)resource["responseKind"]?["kind"] ?? "",
            (string?)resource["scope"] == "Namespaced",
            [.. (resource["verbs"] as JsonArray ?? []).Select(v => (string?)v ?? "")]);
}
