using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>Objects between the storage version and the version that a webhook or a policy asks for.</summary>
internal static class ServedObjects
{
    /// <summary>A copy in that version.</summary>
    /// <param name="item">Of the storage version.</param>
    /// <param name="version">The version asked for.</param>
    /// <param name="converts">False where the object is of a kind that has no versions: the body of a subresource.</param>
    public static JsonObject InVersion(JsonObject item, ServedVersion version, bool converts)
    {
        var copy = (JsonObject)item.DeepClone();
        if (converts)
        {
            version.FromStorage?.Invoke(copy);
            copy["apiVersion"] = version.ApiVersion;
        }

        return copy;
    }

    /// <summary>What others made of an object: read by the schema (unknown fields are dropped), converted, with the defaults of what it added.</summary>
    /// <exception cref="DecodeException">It is no object of the kind any more.</exception>
    public static JsonObject ToStorage(JsonNode patched, ResourceDefinition definition, ServedVersion version)
    {
        var item = ObjectDecoder.DecodePatched(patched, version.Schema, new DecodeTarget(version.Group, version.Version, definition.Names.Kind));
        SchemaDefaults.Apply(item, version.Schema);
        var storage = definition.Versions[0];
        if (!ReferenceEquals(version, storage))
        {
            version.ToStorage?.Invoke(item);
            item["apiVersion"] = storage.ApiVersion;
            SchemaDefaults.Apply(item, storage.Schema);
        }

        definition.Defaults?.Apply(item);
        return item;
    }
}
