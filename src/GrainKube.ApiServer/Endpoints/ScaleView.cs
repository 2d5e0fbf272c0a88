using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>An object seen as an <c>autoscaling/v1 Scale</c>.</summary>
internal static class ScaleView
{
    public static byte[] Of(KubeObject item, ScaleMapping mapping)
    {
        var source = item.ToNode();
        var metadata = new JsonObject();
        foreach (var field in (ReadOnlySpan<string>)["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            if (source["metadata"]?[field] is { } value)
            {
                metadata[field] = value.DeepClone();
            }
        }

        var status = new JsonObject { ["replicas"] = Number(source, mapping.Status) };
        if (mapping.Selector is { } path && Find(source, path) is { } selector)
        {
            status["selector"] = Text(selector);
        }

        var spec = new JsonObject();
        if (Number(source, mapping.Spec) is var wanted and not 0)
        {
            spec["replicas"] = wanted;
        }

        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["kind"] = "Scale", ["apiVersion"] = "autoscaling/v1", ["metadata"] = metadata, ["spec"] = spec, ["status"] = status,
        });
    }

    private static long Number(JsonNode source, string path) => Find(source, path) is JsonValue value && value.TryGetValue(out long number) ? number : 0;

    private static JsonNode? Find(JsonNode? source, string path)
    {
        foreach (var step in path.Split('.'))
        {
            source = source is JsonObject map ? map[step] : null;
        }

        return source;
    }

    /// <summary>A selector in the form of a query: <c>a=b,c in (d,e),!f</c>.</summary>
    private static string Text(JsonNode selector)
    {
        if (selector is JsonValue text)
        {
            return text.ToString();
        }

        var map = (JsonObject)selector;
        var isLabelSelector = map.ContainsKey("matchLabels") || map.ContainsKey("matchExpressions");
        var labels = isLabelSelector ? map["matchLabels"] as JsonObject : map;
        var terms = (labels ?? []).Select(pair => $"{pair.Key}={pair.Value}").ToList();
        foreach (var term in isLabelSelector && map["matchExpressions"] is JsonArray terms2 ? terms2 : [])
        {
            var values = term!["values"] is JsonArray list ? string.Join(",", list.Select(v => v!.ToString()).Order(StringComparer.Ordinal)) : "";
            terms.Add(term["operator"]?.ToString() switch
            {
                "In" => $"{term["key"]} in ({values})",
                "NotIn" => $"{term["key"]} notin ({values})",
                "DoesNotExist" => $"!{term["key"]}",
                _ => $"{term["key"]}",
            });
        }

        return string.Join(",", terms.Order(StringComparer.Ordinal));
    }
}
