using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>Objects between the storage version and the version that a webhook asks for.</summary>
internal static class ServedObjects
{
    /// <summary>A copy in the version of the webhook.</summary>
    public static JsonObject InVersion(JsonObject item, WebhookRequest request, ServedVersion version)
    {
        var copy = (JsonObject)item.DeepClone();
        if (request.OwnKind is null)
        {
            version.FromStorage?.Invoke(copy);
            copy["apiVersion"] = version.ApiVersion;
        }

        return copy;
    }

    /// <summary>What a webhook made of an object: read by the schema (unknown fields are dropped), converted, with the defaults of what it added.</summary>
    /// <exception cref="DecodeException">It is no object of the kind any more.</exception>
    public static JsonObject ToStorage(JsonNode patched, WebhookRequest request, ServedVersion version)
    {
        if (request.OwnKind is not null)
        {
            return patched as JsonObject ?? throw new DecodeException("the patched document is no object");
        }

        var item = ObjectDecoder.DecodePatched(patched, version.Schema, new DecodeTarget(version.Group, version.Version, request.Definition.Names.Kind));
        SchemaDefaults.Apply(item, version.Schema);
        var storage = request.Definition.Versions[0];
        if (!ReferenceEquals(version, storage))
        {
            version.ToStorage?.Invoke(item);
            item["apiVersion"] = storage.ApiVersion;
            SchemaDefaults.Apply(item, storage.Schema);
        }

        request.Definition.Defaults?.Apply(item);
        return item;
    }
}
