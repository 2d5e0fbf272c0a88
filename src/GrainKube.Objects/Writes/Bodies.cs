using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.ManagedFields;
using GrainKube.ApiMachinery.Patches;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Objects.Writes;

/// <summary>Reads what the client sent, in the version it chose, and brings it into the storage version with its defaults.</summary>
internal static class Bodies
{
    /// <summary>The object of a create or update.</summary>
    public static JsonObject ReadObject(WriteOperation write)
    {
        var item = Read(write, write.Served.Schema, new DecodeTarget(write.Served.Group, write.Served.Version, write.Definition.Names.Kind));
        return ToStorage(item, write);
    }

    /// <summary>The body of a subresource that has a kind of its own.</summary>
    public static JsonObject Read(WriteOperation write, Schema schema, DecodeTarget target)
    {
        var strict = StrictErrors(write);
        var item = ObjectDecoder.Decode(write.Request.Body, schema, target, strict);
        if (strict is { Count: > 0 })
        {
            if (write.Request.FieldValidation == FieldValidation.Strict)
            {
                throw ObjectDecoder.StrictError(target, strict);
            }

            Warn(write, strict);
        }

        SchemaDefaults.Apply(item, schema);
        return item;
    }

    /// <summary>What was applied, in the version of the request and as it was sent: without defaults, which their author does not claim.</summary>
    /// <exception cref="ApiException">400: it names fields that the kind does not have, or values of another type.</exception>
    public static JsonObject ReadApplied(WriteOperation write)
    {
        var strict = new List<string>();
        var target = new DecodeTarget(write.Served.Group, write.Served.Version, write.Definition.Names.Kind);
        JsonObject item;
        try
        {
            item = ObjectDecoder.Decode(write.Request.Body, write.Served.Schema, target, strict);
        }
        catch (ApiException undecodable)
        {
            throw Misfit(write) ?? undecodable;
        }

        if (StrictErrors(write) is { Count: > 0 } duplicates)
        {
            if (write.Request.FieldValidation == FieldValidation.Strict)
            {
                throw ApiException.BadRequest($"error strict decoding YAML: error converting YAML to JSON: {duplicates[0]}");
            }

            Warn(write, duplicates);
        }

        return strict.Count > 0 && Misfit(write) is { } undeclared ? throw undeclared : item;
    }

    /// <summary>What upstream says of an applied object before it decodes it; null where it fits. Asked only where decoding found a fault.</summary>
    private static ApiException? Misfit(WriteOperation write) =>
        ObjectDecoder.Parse(write.Request.Body) is JsonObject sent ? FieldOwnership.Misfit(sent, write.Served.Schema, Ownership.ManagerOf(write)) : null;

    /// <summary>What the patch makes of an object. <paramref name="item"/> is in the version of the patch and carries its <c>resourceVersion</c>; it is used up.</summary>
    public static JsonObject Patch(WriteOperation write, JsonObject item, Schema schema, DecodeTarget target)
    {
        var strict = StrictErrors(write);
        var patch = ParsePatch(write, strict);
        var patched = write.Request.PatchType switch
        {
            PatchType.Json => JsonPatch.Apply(item, patch),
            PatchType.Merge => MergePatch.Apply(item, patch),
            PatchType.StrategicMerge => StrategicMergePatch.Apply(item, patch, schema),
            _ => throw ApiException.UnsupportedMediaType("the body of the request was in an unknown format - accepted media types include: "
                + "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json"),
        };
        if (write.Request.PatchType != PatchType.Json && patch is JsonObject changes && ObjectDecoder.TryDecodeChanged(patched, changes, schema))
        {
            return (JsonObject)patched;
        }

        var strategic = write.Request.PatchType == PatchType.StrategicMerge ? patch : null;
        var result = ObjectDecoder.DecodePatched(patched, schema, target, strict, strategic);
        if (strict is { Count: > 0 })
        {
            if (write.Request.FieldValidation == FieldValidation.Strict)
            {
                throw ObjectDecoder.StrictPatchError(patched, strategic, [.. strict]);
            }

            Warn(write, strict);
        }

        SchemaDefaults.Apply(result, schema);
        return result;
    }

    /// <summary>An object of the served version becomes one of the storage version, with the kind's defaults.</summary>
    public static JsonObject ToStorage(JsonObject item, WriteOperation write)
    {
        if (!write.IsStorageVersion)
        {
            write.Served.ToStorage?.Invoke(item);
            item["apiVersion"] = write.Definition.Versions[0].ApiVersion;
            SchemaDefaults.Apply(item, write.Definition.Schema);
        }

        if (write.Request.Subresource == "status")
        {
            write.Definition.Defaults?.ApplyToStatus(item);
        }
        else
        {
            write.Definition.Defaults?.Apply(item);
        }

        return item;
    }

    private static JsonNode? ParsePatch(WriteOperation write, IList<string>? strict)
    {
        try
        {
            return write.Request.PatchType == PatchType.Json
                ? ObjectDecoder.ParseJsonPatch(write.Request.Body, strict)
                : ObjectDecoder.Parse(write.Request.Body, strict);
        }
        catch (DecodeException malformed)
        {
            throw ApiException.BadRequest(write.Request.PatchType == PatchType.StrategicMerge ? malformed.Message : $"error decoding patch: {malformed.Message}");
        }
    }

    private static List<string>? StrictErrors(WriteOperation write) =>
        write.Request.FieldValidation == FieldValidation.Ignore ? null : write.Request.DuplicateKeys is { } duplicates ? [duplicates] : [];

    /// <summary>A warning each; what the reader of YAML found is one error of several lines.</summary>
    private static void Warn(WriteOperation write, IEnumerable<string> strict)
    {
        const string yaml = "yaml: unmarshal errors:\n";
        foreach (var text in strict)
        {
            foreach (var line in (text.StartsWith(yaml, StringComparison.Ordinal) ? text[yaml.Length..] : text).Split('\n'))
            {
                write.Warnings.Add(line.Trim());
            }
        }
    }
}
