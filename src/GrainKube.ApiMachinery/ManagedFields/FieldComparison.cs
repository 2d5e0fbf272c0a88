using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>Where two states of an object differ.</summary>
internal sealed class FieldComparison
{
    private FieldComparison()
    {
    }

    public FieldSet Added { get; } = new();

    public FieldSet Modified { get; } = new();

    public FieldSet Removed { get; } = new();

    public bool IsSame => Added.IsEmpty && Modified.IsEmpty && Removed.IsEmpty;

    /// <param name="before">The earlier state; empty for an object that is new.</param>
    /// <param name="after">The later state.</param>
    /// <param name="schema">Of both.</param>
    public static FieldComparison Of(JsonObject before, JsonObject after, Schema schema)
    {
        var comparison = new FieldComparison();
        comparison.Fields(before, after, schema, comparison.Added, comparison.Modified, comparison.Removed);
        comparison.Added.Trim();
        comparison.Modified.Trim();
        comparison.Removed.Trim();
        return comparison;
    }

    private void Fields(JsonObject? before, JsonObject? after, Schema? schema, FieldSet added, FieldSet modified, FieldSet removed)
    {
        foreach (var (name, value) in after ?? [])
        {
            if (before is not null && before.TryGetPropertyValue(name, out var old) && old is not null)
            {
                if (value is null)
                {
                    Only(old, ListSteps.Field(schema, name), removed.At("f:" + name));
                }
                else if (!ReferenceEquals(old, value))
                {
                    Both(old, value, ListSteps.Field(schema, name), "f:" + name, added, modified, removed);
                }
            }
            else if (value is not null)
            {
                Only(value, ListSteps.Field(schema, name), added.At("f:" + name));
            }
        }

        foreach (var (name, value) in before ?? [])
        {
            if (value is not null && after?.ContainsKey(name) != true)
            {
                Only(value, ListSteps.Field(schema, name), removed.At("f:" + name));
            }
        }
    }

    private void Both(JsonNode old, JsonNode value, Schema? schema, string step, FieldSet added, FieldSet modified, FieldSet removed)
    {
        if (old.GetValueKind() != value.GetValueKind() || ListSteps.IsLeaf(value, schema))
        {
            if (!JsonNode.DeepEquals(old, value))
            {
                modified.At(step).IsMember = true;
            }
        }
        else if (value is JsonObject fields)
        {
            Fields((JsonObject)old, fields, schema, added.At(step), modified.At(step), removed.At(step));
        }
        else
        {
            Elements((JsonArray)old, (JsonArray)value, schema!, added.At(step), modified.At(step), removed.At(step));
        }
    }

    private void Elements(JsonArray before, JsonArray after, Schema schema, FieldSet added, FieldSet modified, FieldSet removed)
    {
        var old = ListSteps.ByStep(before, schema);
        var now = ListSteps.ByStep(after, schema);
        foreach (var (step, element) in now)
        {
            if (!old.TryGetValue(step, out var earlier))
            {
                Only(element, schema.Items, added.At(step), isElement: true);
            }
            else if (element is not null && earlier is not null)
            {
                Both(earlier, element, schema.Items, step, added, modified, removed);
            }
        }

        foreach (var (step, element) in old)
        {
            if (!now.ContainsKey(step))
            {
                Only(element, schema.Items, removed.At(step), isElement: true);
            }
        }
    }

    /// <summary>A place that only one side has, with all that lies below. A struct counts by what is in it: it is there whenever something of it is.</summary>
    private static void Only(JsonNode? value, Schema? schema, FieldSet set, bool isElement = false)
    {
        if (!ListSteps.IsLeaf(value, schema))
        {
            if (value is JsonObject fields)
            {
                foreach (var (name, inner) in fields)
                {
                    if (inner is not null)
                    {
                        Only(inner, ListSteps.Field(schema, name), set.At("f:" + name));
                    }
                }
            }
            else
            {
                foreach (var (step, element) in ListSteps.ByStep((JsonArray)value!, schema!))
                {
                    Only(element, schema!.Items, set.At(step), isElement: true);
                }
            }
        }

        set.IsMember |= isElement || set.Children.Count == 0 || !ListSteps.IsStruct(schema);
    }
}
