using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;

namespace GrainKube.ApiMachinery.Patches;

/// <summary>RFC 7386: null removes, objects merge, everything else replaces.</summary>
public static class MergePatch
{
    /// <summary>Merges <paramref name="patch"/> into <paramref name="target"/> in place and returns it. The patch keeps its names and is otherwise used up.</summary>
    /// <exception cref="ApiException">400: the patch is no object.</exception>
    public static JsonObject Apply(JsonObject target, JsonNode? patch)
    {
        if (patch is null)
        {
            throw ApiException.BadRequest("Invalid JSON Patch");
        }

        if (patch is not JsonObject fields)
        {
            throw ApiException.BadRequest($"error decoding patch: json: cannot unmarshal {GoText.KindOf(patch)} into Go value of type map[string]interface {{}}");
        }

        Merge(target, fields);
        return target;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        for (var i = 0; i < patch.Count; i++)
        {
            var (name, value) = patch.GetAt(i);
            switch (value)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject fields:
                    if (target[name] is not JsonObject inner)
                    {
                        // Into an empty object, so that the nulls inside the patch do not stay.
                        target[name] = inner = [];
                    }

                    Merge(inner, fields);
                    break;
                default:
                    patch.SetAt(i, null);
                    target[name] = value;
                    break;
            }
        }
    }
}
