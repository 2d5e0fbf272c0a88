using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas.Values;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.ApiExtensions.CustomResourceDefinitions;

/// <summary>Defaults are values that objects will have: they must fit their place, and hold nothing that would be pruned. Source: upstream's <c>pkg/apiserver/schema/defaulting</c>.</summary>
internal static class DefaultRules
{
    private const string Embedded = "x-kubernetes-embedded-resource";
    private static readonly string[] TypeMeta = ["apiVersion", "kind", "metadata"];

    /// <param name="schema">A structural one, nothing else is wrong with it.</param>
    /// <param name="at">Its place.</param>
    public static void Check(JsonObject schema, FieldErrors at) => Node(schema, isRoot: true, at);

    /// <summary>Where the metadata of an object itself is described nothing is defaulted: it is the same everywhere.</summary>
    /// <param name="schema">Of a part of it.</param>
    /// <param name="reason">Where that is.</param>
    /// <param name="at">Its place.</param>
    public static void Forbid(JsonObject schema, string reason, FieldErrors at)
    {
        if (schema["default"] is not null)
        {
            at.At("default").Forbidden($"must not be set {reason}");
        }

        foreach (var (name, child) in schema.Object("properties") ?? [])
        {
            Forbid((JsonObject)child!, reason, at.At("properties").Key(name));
        }

        foreach (var below in (ReadOnlySpan<string>)["items", "additionalProperties"])
        {
            if (schema.Object(below) is { } child)
            {
                Forbid(child, reason, at.At(below));
            }
        }
    }

    private static void Node(JsonObject schema, bool isRoot, FieldErrors at)
    {
        var isObject = isRoot || schema.Flag(Embedded);
        if (schema["default"] is { } value)
        {
            Value(value, schema, isObject, at.At("default"));
        }

        if (schema.Object("items") is { } items)
        {
            Node(items, isRoot: false, at.At("items"));
        }

        if (schema.Object("additionalProperties") is { } values)
        {
            Node(values, isRoot: false, at.At("additionalProperties"));
        }

        foreach (var (name, child) in schema.Object("properties") ?? [])
        {
            if (!(isObject && TypeMeta.Contains(name)))
            {
                Node((JsonObject)child!, isRoot: false, at.At("properties").Key(name));
            }
        }
    }

    private static void Value(JsonNode value, JsonObject schema, bool isObject, FieldErrors at)
    {
        if (!IsKept(value, schema, isObject))
        {
            at.Invalid(value, "must not have unknown fields");
        }

        var alone = new FieldErrors();
        if (isObject && value is JsonObject item && !schema.Flag(Embedded))
        {
            foreach (var name in (ReadOnlySpan<string>)["apiVersion", "kind"])
            {
                if (item.Text(name).Length == 0)
                {
                    alone.At(name).Required("must not be empty");
                }
            }
        }

        if (alone.IsEmpty)
        {
            ValueSchema.OfPlace(schema).Validate(value, alone);
        }

        foreach (var error in alone.All)
        {
            at.TakeOver(error);
        }
    }

    /// <summary>Whether pruning would leave all of a value.</summary>
    private static bool IsKept(JsonNode? value, JsonObject? schema, bool isObject) => value switch
    {
        JsonArray list => list.All(element => IsKept(element, schema.Object("items"), schema.Object("items").Flag(Embedded))),
        JsonObject fields => fields.All(field => IsKept(field, schema, isObject)),
        _ => true,
    };

    private static bool IsKept(KeyValuePair<string, JsonNode?> field, JsonObject? schema, bool isObject)
    {
        if (isObject && TypeMeta.Contains(field.Key))
        {
            return true;
        }

        if (schema.Object("properties").Object(field.Key) is { } known)
        {
            return IsKept(field.Value, known, known.Flag(Embedded));
        }

        if (schema.Object("additionalProperties") is { } values)
        {
            return IsKept(field.Value, values, values.Flag(Embedded));
        }

        return schema.Flag("x-kubernetes-preserve-unknown-fields") || schema.Flag("additionalProperties");
    }
}
