using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Aggregation;
using GrainKube.Objects.Writes;

namespace GrainKube.ApiServer.Aggregation;

/// <inheritdoc/>
internal sealed class ExtensionObjects(ExtensionDiscovery discovery, ExtensionConnections connections) : IExtensionObjects
{
    private const string Json = "application/json";

    public async Task<ExtensionHoldings> ListAsync(CancellationToken cancel)
    {
        var picture = await discovery.CurrentAsync(cancel);
        if (!picture.Source.HasExtensions)
        {
            return ExtensionHoldings.None;
        }

        // Of a group that is there in several versions one will do.
        var resources = picture.Versions
            .Where(v => (string?)v.Value["freshness"] == "Current")
            .SelectMany(v => ExtensionResource.Of(picture, v.Key, v.Value))
            .Where(r => r.Verbs.Contains("list") && r.Verbs.Contains("delete"))
            .DistinctBy(r => (r.Group, r.Name))
            .ToList();
        var known = new Dictionary<(string, string), GroupResource>();
        var objects = new List<ExtensionObject>();
        foreach (var resource in resources)
        {
            if (await ListAsync(resource, cancel) is { } found)
            {
                known[(resource.Group, resource.Kind)] = new GroupResource(resource.Group, resource.Name);
                objects.AddRange(found);
            }
        }

        return new ExtensionHoldings(known, objects);
    }

    public async Task DeleteAsync(ExtensionObject item, DeletePropagation propagation, CancellationToken cancel)
    {
        var options = new JsonObject { ["kind"] = "DeleteOptions", ["apiVersion"] = "v1", ["preconditions"] = new JsonObject { ["uid"] = item.Header.Uid } };
        if (propagation != DeletePropagation.Default)
        {
            options["propagationPolicy"] = propagation.ToString();
        }

        Check(await connections.AskAsync(HttpMethod.Delete, TargetOf(item), item.Path, Json, cancel, options, Json));
    }

    public async Task ReleaseAsync(ExtensionObject item, IReadOnlyCollection<string> ownerUids, CancellationToken cancel)
    {
        var owners = new JsonArray([.. item.Header.Owners.Where(o => !ownerUids.Contains(o.Uid)).Select(Reference)]);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = item.Header.Uid, ["ownerReferences"] = owners.Count == 0 ? null : owners },
        };
        Check(await connections.AskAsync(HttpMethod.Patch, TargetOf(item), item.Path, Json, cancel, patch, "application/merge-patch+json"));
    }

    /// <summary>Null where the server does not tell.</summary>
    private async Task<List<ExtensionObject>?> ListAsync(ExtensionResource resource, CancellationToken cancel)
    {
        try
        {
            var answer = await connections.AskAsync(HttpMethod.Get, resource.Target, $"/apis/{resource.Group}/{resource.Version}/{resource.Name}", Json, cancel);
            return (int)answer.Code == 200 && JsonNode.Parse(answer.Body) is JsonObject { } list && list["items"] is JsonArray items
                ? [.. items.OfType<JsonObject>().Select(item => Read(resource, item))]
                : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or InvalidOperationException or CryptographicException or IOException)
        {
            return null; // its condition tells of it
        }
    }

    private static ExtensionObject Read(ExtensionResource resource, JsonObject item)
    {
        var metadata = item["metadata"] as JsonObject ?? [];
        var (ns, name) = (Text(metadata["namespace"]), Text(metadata["name"]));
        var header = new ObjectHeader
        {
            ApiVersion = $"{resource.Group}/{resource.Version}",
            Kind = resource.Kind,
            Name = name,
            Namespace = ns,
            Uid = Text(metadata["uid"]),
            Revision = 0,
            Owners = [.. (metadata["ownerReferences"] as JsonArray ?? []).OfType<JsonObject>().Select(o => new OwnerReference(
                Text(o["apiVersion"]), Text(o["kind"]), Text(o["name"]), Text(o["uid"]), Flag(o["controller"]), Flag(o["blockOwnerDeletion"])))],
            Finalizers = [.. (metadata["finalizers"] as JsonArray ?? []).Select(Text)],
            DeletionTimestamp = DateTimeOffset.TryParse(Text(metadata["deletionTimestamp"]), System.Globalization.CultureInfo.InvariantCulture, out var when) ? when : null,
        };
        var place = resource.IsNamespaced ? $"namespaces/{Uri.EscapeDataString(ns)}/" : "";
        return new ExtensionObject(new GroupResource(resource.Group, resource.Name), $"/apis/{resource.Group}/{resource.Version}/{place}{resource.Name}/{Uri.EscapeDataString(name)}", header);
    }

    private ExtensionTarget TargetOf(ExtensionObject item)
    {
        var parts = item.Path.Split('/', 5);
        return discovery.Last.Source.ByVersion.GetValueOrDefault((parts[2], parts[3]))?.Target ?? throw new HttpRequestException($"nobody serves {parts[2]}/{parts[3]} any more");
    }

    /// <summary>What is gone, or is another object by now, is as it should be.</summary>
    private static void Check(ExtensionAnswer answer)
    {
        if ((int)answer.Code is >= 400 and not (404 or 409))
        {
            throw new HttpRequestException($"the server answered {(int)answer.Code}");
        }
    }

    private static JsonNode Reference(OwnerReference owner)
    {
        var reference = new JsonObject { ["apiVersion"] = owner.ApiVersion, ["kind"] = owner.Kind, ["name"] = owner.Name, ["uid"] = owner.Uid };
        if (owner.Controller)
        {
            reference["controller"] = true;
        }

        if (owner.BlockOwnerDeletion)
        {
            reference["blockOwnerDeletion"] = true;
        }

        return reference;
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static bool Flag(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;
}
