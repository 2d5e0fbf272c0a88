using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Objects.Writes;

/// <summary>The <c>autoscaling/v1 Scale</c> of an object that has a <c>/scale</c> subresource.</summary>
public static class ScaleView
{
    /// <summary>Group, version and kind of the body.</summary>
    public static DecodeTarget Target { get; } = new("autoscaling", "v1", "Scale");

    /// <summary>The schema of a Scale.</summary>
    public static Schema Schema { get; } = new()
    {
        DefinitionName = "io.k8s.api.autoscaling.v1.Scale",
        GoType = "v1.Scale",
        Type = SchemaType.Object,
        Properties = new Dictionary<string, Schema>
        {
            ["apiVersion"] = new() { Type = SchemaType.String },
            ["kind"] = new() { Type = SchemaType.String },
            ["metadata"] = new() { Type = SchemaType.Object, GoType = "v1.ObjectMeta", PreserveUnknownFields = true },
            ["spec"] = new()
            {
                Type = SchemaType.Object,
                GoType = "v1.ScaleSpec",
                Properties = new Dictionary<string, Schema> { ["replicas"] = new() { Type = SchemaType.Integer, Format = "int32" } },
            },
            ["status"] = new()
            {
                Type = SchemaType.Object,
                GoType = "v1.ScaleStatus",
                Properties = new Dictionary<string, Schema>
                {
                    ["replicas"] = new() { Type = SchemaType.Integer, Format = "int32" },
                    ["selector"] = new() { Type = SchemaType.String },
                },
            },
        },
    };

    /// <summary>The scale of an object as it stands.</summary>
    public static JsonObject Of(KubeObject item, ScaleMapping mapping)
    {
        var node = item.ToNode();
        var metadata = new JsonObject();
        foreach (var name in (ReadOnlySpan<string>)["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            metadata.CopyFrom(node.Metadata(), name);
        }

        var spec = new JsonObject();
        if (At(node, mapping.Spec) is { } replicas)
        {
            spec["replicas"] = replicas.DeepClone();
        }

        var status = new JsonObject { ["replicas"] = At(node, mapping.Status)?.DeepClone() ?? JsonNumber.Of(0) };
        if (mapping.Selector is { } path && SelectorText(At(node, path)) is { Length: > 0 } selector)
        {
            status["selector"] = selector;
        }

        return new JsonObject { ["kind"] = "Scale", ["apiVersion"] = "autoscaling/v1", ["metadata"] = metadata, ["spec"] = spec, ["status"] = status };
    }

    /// <summary>Puts the number of replicas where the kind keeps it.</summary>
    internal static void SetReplicas(JsonObject item, ScaleMapping mapping, long replicas)
    {
        var steps = mapping.Spec.Split('.');
        var place = item;
        foreach (var step in steps.AsSpan(0, steps.Length - 1))
        {
            if (place[step] is not JsonObject inner)
            {
                inner = [];
                place[step] = inner;
            }

            place = inner;
        }

        place[steps[^1]] = JsonNumber.Of(replicas);
    }

    private static JsonNode? At(JsonObject item, string path)
    {
        JsonNode? node = item;
        foreach (var step in path.Split('.'))
        {
            node = (node as JsonObject)?[step];
        }

        return node;
    }

    /// <summary>A selector as text, requirements in order of their keys, as upstream prints it.</summary>
    private static string SelectorText(JsonNode? selector) => selector switch
    {
        JsonValue text => (string)text!,
        JsonObject labels when labels["matchLabels"] is null && labels["matchExpressions"] is null => Requirements(labels, null),
        JsonObject both => Requirements(both["matchLabels"] as JsonObject, both["matchExpressions"] as JsonArray),
        _ => "",
    };

    private static string Requirements(JsonObject? labels, JsonArray? expressions)
    {
        var parts = new List<(string Key, string Text)>();
        foreach (var (key, value) in labels ?? [])
        {
            parts.Add((key, $"{key}={value}"));
        }

        foreach (var expression in expressions ?? [])
        {
            var key = (string)expression!["key"]!;
            var values = (expression["values"] as JsonArray)?.Select(v => (string)v!).Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>();
            parts.Add((key, (string?)expression["operator"] switch
            {
                "In" => $"{key} in ({string.Join(",", values)})",
                "NotIn" => $"{key} notin ({string.Join(",", values)})",
                "DoesNotExist" => $"!{key}",
                _ => key,
            }));
        }

        return string.Join(",", parts.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Text));
    }
}
