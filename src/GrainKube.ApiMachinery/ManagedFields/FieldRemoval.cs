using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>Takes what nobody owns any more out of an object.</summary>
internal static class FieldRemoval
{
    /// <summary>Removes, in place, what <paramref name="given"/> names and <paramref name="owned"/> does not. An element or map that is emptied by it goes as well.</summary>
    /// <param name="item">The object.</param>
    /// <param name="given">What its last owner gave up.</param>
    /// <param name="owned">What is owned still, by anybody.</param>
    /// <param name="schema">The object's schema.</param>
    public static void Remove(JsonObject item, FieldSet given, FieldSet? owned, Schema? schema)
    {
        foreach (var (step, below) in given.Children)
        {
            var name = step[2..];
            if (step[0] != 'f' || !item.TryGetPropertyValue(name, out var value))
            {
                continue;
            }

            if (Goes(value, below, owned?.Find(step), ListSteps.Field(schema, name)))
            {
                item.Remove(name);
            }
        }
    }

    private static bool Goes(JsonNode? value, FieldSet given, FieldSet? owned, Schema? schema)
    {
        if (given.IsMember && owned is null)
        {
            // What was defaulted below it goes with it.
            return true;
        }

        if (ListSteps.IsLeaf(value, schema))
        {
            return given.IsMember && owned is not { IsMember: true };
        }

        if (value is JsonObject fields)
        {
            Remove(fields, given, owned, schema);
            return fields.Count == 0 && owned is null;
        }

        var list = (JsonArray)value!;
        for (var i = list.Count - 1; i >= 0; i--)
        {
            if (ListSteps.TryStepOf(list[i], schema!) is { } step && given.Find(step) is { } below && Goes(list[i], below, owned?.Find(step), schema!.Items))
            {
                list.RemoveAt(i);
            }
        }

        return list.Count == 0 && owned is null;
    }
}
