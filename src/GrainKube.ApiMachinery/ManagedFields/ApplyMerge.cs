using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>Lays an applied object over the live one. What the applied one does not name stays.</summary>
public static class ApplyMerge
{
    /// <returns>A tree of its own.</returns>
    public static JsonObject Merge(JsonObject live, JsonObject applied, Schema? schema)
    {
        var result = new JsonObject();
        foreach (var (name, value) in live)
        {
            result[name] = applied.TryGetPropertyValue(name, out var wanted) ? Value(value, wanted, ListSteps.Field(schema, name)) : value?.DeepClone();
        }

        foreach (var (name, value) in applied)
        {
            if (!live.ContainsKey(name))
            {
                result[name] = value?.DeepClone();
            }
        }

        return result;
    }

    private static JsonNode? Value(JsonNode? live, JsonNode? applied, Schema? schema)
    {
        if (live is null || applied is null || live.GetValueKind() != applied.GetValueKind() || ListSteps.IsLeaf(applied, schema))
        {
            return applied?.DeepClone();
        }

        return applied is JsonObject fields ? Merge((JsonObject)live, fields, schema) : Elements((JsonArray)live, (JsonArray)applied, schema!);
    }

    /// <summary>The applied list's order rules; what only the live one has keeps its place before the next that both have.</summary>
    private static JsonArray Elements(JsonArray live, JsonArray applied, Schema schema)
    {
        var wanted = ListSteps.ByStep(applied, schema);
        var there = ListSteps.ByStep(live, schema);
        var result = new JsonArray();
        var next = 0;
        foreach (var element in live)
        {
            var step = ListSteps.TryStepOf(element, schema);
            if (step is null || !wanted.ContainsKey(step))
            {
                result.Add(element?.DeepClone());
                continue;
            }

            while (next < applied.Count)
            {
                var candidate = applied[next++];
                var its = ListSteps.TryStepOf(candidate, schema)!;
                result.Add(Value(there.GetValueOrDefault(its), candidate, schema.Items));
                if (its == step)
                {
                    break;
                }
            }
        }

        for (; next < applied.Count; next++)
        {
            var its = ListSteps.TryStepOf(applied[next], schema)!;
            result.Add(Value(there.GetValueOrDefault(its), applied[next], schema.Items));
        }

        return result;
    }
}
