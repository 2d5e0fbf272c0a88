using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>Where two states of an object differ.</summary>
/// <param name="isOwned">Whether a field of the object itself, or (second argument true) of its metadata, can be owned: all others are not compared.</param>
internal sealed class FieldComparison(Func<string, bool, bool> isOwned)
{
    private static readonly JsonObject Empty = [];

    public FieldSet Added { get; private set; } = new();

    public FieldSet Modified { get; private set; } = new();

    public FieldSet Removed { get; private set; } = new();

    public bool IsSame => Added.IsEmpty && Modified.IsEmpty && Removed.IsEmpty;

    /// <param name="before">The earlier state; empty for an object that is new.</param>
    /// <param name="after">The later state.</param>
    /// <param name="schema">Of both.</param>
    /// <param name="isOwned">As for the constructor.</param>
    public static FieldComparison Of(JsonObject before, JsonObject after, Schema schema, Func<string, bool, bool> isOwned)
    {
        var comparison = new FieldComparison(isOwned);
        var change = comparison.Fields(before, after, schema, Level.Object);
        comparison.Added = change.Added ?? comparison.Added;
        comparison.Modified = change.Modified ?? comparison.Modified;
        comparison.Removed = change.Removed ?? comparison.Removed;
        return comparison;
    }

    private Change Fields(JsonObject before, JsonObject after, Schema? schema, Level level)
    {
        var change = new Change();
        for (var i = 0; i < after.Count; i++)
        {
            var (name, value) = after.GetAt(i);
            if (IsCompared(name, level))
            {
                before.TryGetPropertyValue(name, out var old);
                change.JoinField(name, One(old, value, ListSteps.Field(schema, name), name, level));
            }
        }

        for (var i = 0; i < before.Count; i++)
        {
            var (name, value) = before.GetAt(i);
            if (IsCompared(name, level) && !after.ContainsKey(name))
            {
                change.JoinField(name, One(value, null, ListSteps.Field(schema, name), name, level));
            }
        }

        return change;
    }

    private bool IsCompared(string name, Level level) => level == Level.Below || isOwned(name, level == Level.Metadata);

    private Change One(JsonNode? old, JsonNode? value, Schema? schema, string name, Level level)
    {
        if (ReferenceEquals(old, value))
        {
            return default;
        }

        if (level == Level.Object && name == "metadata")
        {
            // Itself it is nobody's.
            return Fields(old as JsonObject ?? Empty, value as JsonObject ?? Empty, schema, Level.Metadata);
        }

        return old is null ? new Change { Added = Only(value, schema) } : value is null ? new Change { Removed = Only(old, schema) } : Both(old, value, schema);
    }

    private Change Both(JsonNode old, JsonNode value, Schema? schema)
    {
        if (old.GetValueKind() != value.GetValueKind() || ListSteps.IsLeaf(value, schema))
        {
            return JsonNode.DeepEquals(old, value) ? default : new Change { Modified = new FieldSet { IsMember = true } };
        }

        return value is JsonObject fields ? Fields((JsonObject)old, fields, schema, Level.Below) : Elements((JsonArray)old, (JsonArray)value, schema!);
    }

    private Change Elements(JsonArray before, JsonArray after, Schema schema)
    {
        var change = new Change();
        if (JsonNode.DeepEquals(before, after))
        {
            return change;
        }

        var old = ListSteps.ByStep(before, schema);
        var now = ListSteps.ByStep(after, schema);
        foreach (var (step, element) in now)
        {
            if (!old.TryGetValue(step, out var earlier))
            {
                change.Join(step, new Change { Added = Only(element, schema.Items, isElement: true) });
            }
            else if (element is not null && earlier is not null)
            {
                change.Join(step, Both(earlier, element, schema.Items));
            }
        }

        foreach (var (step, element) in old)
        {
            if (!now.ContainsKey(step))
            {
                change.Join(step, new Change { Removed = Only(element, schema.Items, isElement: true) });
            }
        }

        return change;
    }

    /// <summary>A place that only one side has, with all that lies below. A struct counts by what is in it: it is there whenever something of it is.</summary>
    private static FieldSet Only(JsonNode? value, Schema? schema, bool isElement = false)
    {
        var set = new FieldSet();
        if (!ListSteps.IsLeaf(value, schema))
        {
            if (value is JsonObject fields)
            {
                for (var i = 0; i < fields.Count; i++)
                {
                    if (fields.GetAt(i) is (var name, { } inner))
                    {
                        set.Put("f:" + name, Only(inner, ListSteps.Field(schema, name)));
                    }
                }
            }
            else
            {
                foreach (var (step, element) in ListSteps.ByStep((JsonArray)value!, schema!))
                {
                    set.Put(step, Only(element, schema!.Items, isElement: true));
                }
            }
        }

        set.IsMember = isElement || set.Children.Count == 0 || !ListSteps.IsStruct(schema);
        return set;
    }

    private enum Level
    {
        Object,
        Metadata,
        Below,
    }

    /// <summary>What differs at one place; null where nothing does.</summary>
    private struct Change
    {
        public FieldSet? Added;
        public FieldSet? Modified;
        public FieldSet? Removed;

        public void JoinField(string name, in Change below)
        {
            if (below.Added is not null || below.Modified is not null || below.Removed is not null)
            {
                Join("f:" + name, below);
            }
        }

        public void Join(string step, in Change below)
        {
            Put(ref Added, step, below.Added);
            Put(ref Modified, step, below.Modified);
            Put(ref Removed, step, below.Removed);
        }

        private static void Put(ref FieldSet? set, string step, FieldSet? below)
        {
            if (below is not null)
            {
                (set ??= new FieldSet()).Put(step, below);
            }
        }
    }
}
