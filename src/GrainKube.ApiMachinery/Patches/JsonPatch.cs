using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;

namespace GrainKube.ApiMachinery.Patches;

/// <summary>RFC 6902, with the API server's answers: a patch that is not one is 400, one that does not fit the object is 422.</summary>
public static class JsonPatch
{
    private const int MaximumOperations = 10_000;

    /// <summary>Applies the operations in order.</summary>
    /// <param name="target">The document; it is changed, and of no use after an error.</param>
    /// <param name="patch">The array of operations.</param>
    /// <returns>The patched document, which is <paramref name="target"/> unless an operation replaced the root.</returns>
    /// <exception cref="ApiException">400, 413 or 422.</exception>
    public static JsonNode Apply(JsonNode target, JsonNode? patch)
    {
        if (patch is null)
        {
            return target; // to upstream's decoder null is a list without elements
        }

        if (patch is not JsonArray operations)
        {
            throw ApiException.BadRequest($"json: cannot unmarshal {GoText.KindOf(patch)} into Go value of type jsonpatch.Patch");
        }

        if (operations.Count > MaximumOperations)
        {
            throw ApiException.TooLarge($"Request entity too large: The allowed maximum operations in a JSON patch is {MaximumOperations}, got {operations.Count}");
        }

        foreach (var operation in operations)
        {
            if (operation is not JsonObject fields)
            {
                throw ApiException.BadRequest($"json: cannot unmarshal {GoText.KindOf(operation)} into Go value of type jsonpatch.Operation");
            }

            target = Apply(target, fields);
        }

        return target;
    }

    private static JsonNode Apply(JsonNode target, JsonObject operation)
    {
        var path = JsonPointer.Parse(Text(operation, "path"));
        switch (Text(operation, "op"))
        {
            case "add":
                Add(target, path, operation["value"]?.DeepClone());
                return target;
            case "remove":
                Remove(target, path);
                return target;
            case "replace" when path.IsRoot:
                return operation["value"]?.DeepClone() ?? throw ApiException.PatchDoesNotFit();
            case "replace":
                Replace(target, path, operation["value"]?.DeepClone());
                return target;
            case "move":
                Add(target, path, Remove(target, JsonPointer.Parse(Text(operation, "from"))));
                return target;
            case "copy":
                Add(target, path, Find(target, JsonPointer.Parse(Text(operation, "from")))?.DeepClone());
                return target;
            case "test":
                return JsonNode.DeepEquals(Find(target, path), operation["value"]) ? target : throw ApiException.PatchDoesNotFit();
            default:
                throw ApiException.PatchDoesNotFit();
        }
    }

    private static void Add(JsonNode target, JsonPointer path, JsonNode? value)
    {
        switch (Parent(target, path))
        {
            case JsonObject item:
                item[path.Last] = value;
                break;
            case JsonArray list:
                list.Insert(path.Last == "-" ? list.Count : Index(path.Last, list.Count + 1), value);
                break;
            default:
                throw ApiException.PatchDoesNotFit();
        }
    }

    private static JsonNode? Remove(JsonNode target, JsonPointer path)
    {
        switch (Parent(target, path))
        {
            case JsonObject item when item.TryGetPropertyValue(path.Last, out var removed):
                item.Remove(path.Last);
                return removed;
            case JsonArray list:
                var index = Index(path.Last, list.Count);
                var element = list[index];
                list.RemoveAt(index);
                return element;
            default:
                throw ApiException.PatchDoesNotFit();
        }
    }

    private static void Replace(JsonNode target, JsonPointer path, JsonNode? value)
    {
        switch (Parent(target, path))
        {
            case JsonObject item:
                item[path.Last] = value; // upstream replaces what is not there, too
                break;
            case JsonArray list:
                list[Index(path.Last, list.Count)] = value;
                break;
            default:
                throw ApiException.PatchDoesNotFit();
        }
    }

    /// <summary>A member that is not there is null, as upstream has it in tests and copies.</summary>
    private static JsonNode? Find(JsonNode target, JsonPointer path)
    {
        if (path.IsRoot)
        {
            return target;
        }

        return Parent(target, path) switch
        {
            JsonObject item when item.TryGetPropertyValue(path.Last, out var found) => found,
            JsonObject => null,
            JsonArray list => list[Index(path.Last, list.Count)],
            _ => throw ApiException.PatchDoesNotFit(),
        };
    }

    private static JsonNode? Parent(JsonNode target, JsonPointer path)
    {
        if (path.IsRoot)
        {
            throw ApiException.PatchDoesNotFit();
        }

        JsonNode? here = target;
        foreach (var step in path.Parents)
        {
            here = here switch
            {
                JsonObject item when item.TryGetPropertyValue(step, out var next) => next,
                JsonArray list => list[Index(step, list.Count)],
                _ => throw ApiException.PatchDoesNotFit(),
            };
        }

        return here;
    }

    /// <summary>Negative indexes count from the end, as upstream allows.</summary>
    private static int Index(string text, int count)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index) || index >= count || index < -count)
        {
            throw ApiException.PatchDoesNotFit();
        }

        return index < 0 ? index + count : index;
    }

    private static string Text(JsonObject operation, string field) =>
        operation[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw ApiException.PatchDoesNotFit();

    private readonly struct JsonPointer(string[] steps)
    {
        public bool IsRoot => steps.Length == 0;
        public string Last => steps[^1];
        public ReadOnlySpan<string> Parents => steps.AsSpan(0, steps.Length - 1);

        public static JsonPointer Parse(string text)
        {
            if (text.Length == 0)
            {
                return new JsonPointer([]);
            }

            if (text[0] != '/')
            {
                throw ApiException.PatchDoesNotFit();
            }

            var steps = text[1..].Split('/');
            for (var i = 0; i < steps.Length; i++)
            {
                // The order matters: ~01 is the two characters ~1.
                steps[i] = steps[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            }

            return new JsonPointer(steps);
        }
    }
}
