using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Schemas.Values;

/// <summary>
/// What the <c>openAPIV3Schema</c> of a custom resource demands of values, ready to be asked. Wording: upstream's validator (<c>kube-openapi/pkg/validation</c>).
/// </summary>
public sealed class ValueSchema
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);
    private readonly string? type;
    private readonly bool intOrString;
    private readonly bool nullable;
    private readonly bool embedded;
    private readonly bool whole;
    private readonly string? format;
    private readonly string[] required;
    private readonly JsonArray? allowed;
    private readonly double? maximum;
    private readonly double? minimum;
    private readonly bool exclusiveMaximum;
    private readonly bool exclusiveMinimum;
    private readonly double? multipleOf;
    private readonly long? maxLength;
    private readonly long? minLength;
    private readonly long? maxItems;
    private readonly long? minItems;
    private readonly long? maxProperties;
    private readonly long? minProperties;
    private readonly bool unique;
    private readonly string? patternText;
    private readonly Regex? pattern;
    private readonly string? listType;
    private readonly string[] listKeys;
    private readonly SortedDictionary<string, ValueSchema> properties = new(StringComparer.Ordinal);
    private readonly ValueSchema? items;
    private readonly ValueSchema? values;
    private readonly ValueSchema[] allOf;
    private readonly ValueSchema[] anyOf;
    private readonly ValueSchema[] oneOf;
    private readonly ValueSchema? not;
    private readonly IValueRules? rules;
    private readonly bool hasRules;

    private ValueSchema(JsonObject source, IValueRulesCompiler? compiler, bool root)
    {
        type = Text(source, "type");
        intOrString = Flag(source, "x-kubernetes-int-or-string");
        nullable = Flag(source, "nullable");
        embedded = Flag(source, "x-kubernetes-embedded-resource");
        whole = root || embedded;
        format = Text(source, "format");
        required = Texts(source["required"]);
        allowed = source["enum"] as JsonArray;
        (maximum, minimum, multipleOf) = (Number(source, "maximum"), Number(source, "minimum"), Number(source, "multipleOf"));
        (exclusiveMaximum, exclusiveMinimum) = (Flag(source, "exclusiveMaximum"), Flag(source, "exclusiveMinimum"));
        (maxLength, minLength) = (Count(source, "maxLength"), Count(source, "minLength"));
        (maxItems, minItems) = (Count(source, "maxItems"), Count(source, "minItems"));
        (maxProperties, minProperties) = (Count(source, "maxProperties"), Count(source, "minProperties"));
        unique = Flag(source, "uniqueItems");
        patternText = Text(source, "pattern");
        pattern = patternText is { Length: > 0 } expression ? GoPattern.Compile(expression, PatternTimeout) : null;
        listType = Text(source, "x-kubernetes-list-type");
        listKeys = Texts(source["x-kubernetes-list-map-keys"]);
        foreach (var (name, child) in source["properties"] as JsonObject ?? [])
        {
            properties[name] = new ValueSchema((JsonObject)child!, compiler, root: false);
        }

        items = Child(source["items"], compiler);
        values = Child(source["additionalProperties"], compiler);
        allOf = Children(source["allOf"], compiler);
        anyOf = Children(source["anyOf"], compiler);
        oneOf = Children(source["oneOf"], compiler);
        not = Child(source["not"], compiler);
        rules = source["x-kubernetes-validations"] is JsonArray { Count: > 0 } ? compiler?.Compile(source, whole) : null;
        hasRules = rules is not null || properties.Values.Any(p => p.hasRules) || items is { hasRules: true } || values is { hasRules: true } || allOf.Any(s => s.hasRules);
    }

    /// <param name="source">The <c>openAPIV3Schema</c>.</param>
    /// <param name="compiler">Evaluates <c>x-kubernetes-validations</c>; null leaves them.</param>
    public static ValueSchema Of(JsonObject source, IValueRulesCompiler? compiler = null) => new(source, compiler, root: true);

    /// <summary>What a place inside a schema demands of its value, whatever is around it.</summary>
    /// <param name="source">The place's schema.</param>
    public static ValueSchema OfPlace(JsonObject source) => new(source, null, root: false);

    /// <summary>Reports what is wrong with the value of a place.</summary>
    /// <param name="value">Such as a default.</param>
    /// <param name="errors">Where problems go: the place's own list.</param>
    public void Validate(JsonNode value, FieldErrors errors) => Check(value, null, errors, errors);

    /// <summary>Reports what is wrong with an object. What stands as it stood before is not complained of: its schema may be newer.</summary>
    /// <param name="item">The object after pruning and defaulting.</param>
    /// <param name="old">What it replaces; null for a new one.</param>
    /// <param name="errors">Where problems go.</param>
    public void Validate(JsonObject item, JsonObject? old, FieldErrors errors)
    {
        var found = errors.All.Count;
        Check(item, old, errors, errors);
        if (errors.All.Count == found)
        {
            Lists(item, old, errors);
        }

        if (errors.All.Count == found && hasRules)
        {
            Rules(item, old, errors);
        }
    }

    private void Check(JsonNode? value, JsonNode? old, FieldErrors at, FieldErrors root)
    {
        if (old is not null && JsonNode.DeepEquals(value, old))
        {
            return;
        }

        if (value is null)
        {
            if (!nullable && (type is not null || intOrString))
            {
                at.TypeInvalid("null", $"{at.Path} in body must be of type {type ?? "integer,string"}: \"null\"");
            }

            return;
        }

        var actual = JsonTypes.Of(value);
        if (!Fits(actual))
        {
            var expected = intOrString ? "integer,string" : type;
            at.TypeInvalid(actual, $"{at.Path} in body must be of type {expected}: \"{actual}\"");
            return;
        }

        Junctors(value, at, root);
        switch (value)
        {
            case JsonObject item:
                Object(item, old as JsonObject, at, root);
                break;
            case JsonArray list:
                List(list, old as JsonArray, at, root);
                break;
            default:
                Scalar((JsonValue)value, actual, at);
                break;
        }

        if (allowed is not null && !allowed.Any(a => Same(a, value)))
        {
            at.NotSupported(JsonTypes.Plain(value), [.. allowed.Select(a => JsonTypes.Text(a))]);
        }
    }

    private bool Fits(string actual) => intOrString ? actual is "integer" or "string"
        : type is null || type.Length == 0 || actual == type || (type == "number" && actual == "integer");

    private void Scalar(JsonValue value, string actual, FieldErrors at)
    {
        if (actual == "string")
        {
            var text = value.GetValue<string>();
            var length = text.EnumerateRunes().Count();
            if (length > maxLength)
            {
                at.TooLong((int)maxLength);
            }

            if (length < minLength)
            {
                at.Invalid(text, $"{at.Path} in body should be at least {minLength} chars long");
            }

            if (pattern is not null && !pattern.IsMatch(text))
            {
                at.Invalid(text, $"{at.Path} in body should match '{patternText}'");
            }

            if (format is { Length: > 0 } && !intOrString && !ValueFormats.Matches(format, text))
            {
                at.TypeInvalid(text, $"{at.Path} in body must be of type {format}: \"{text}\"");
            }
        }
        else if (actual is "integer" or "number")
        {
            Numeric(value, at);
        }
    }

    private void Numeric(JsonValue value, FieldErrors at)
    {
        var number = JsonTypes.Number(value);
        var shown = JsonTypes.Plain(value);
        if (maximum is { } most && (exclusiveMaximum ? number >= most : number > most))
        {
            at.Invalid(shown, $"{at.Path} in body should be less than {(exclusiveMaximum ? "" : "or equal to ")}{Go(most)}");
        }

        if (minimum is { } least && (exclusiveMinimum ? number <= least : number < least))
        {
            at.Invalid(shown, $"{at.Path} in body should be greater than {(exclusiveMinimum ? "" : "or equal to ")}{Go(least)}");
        }

        if (multipleOf is { } step && step != 0 && Math.Abs((number / step) - Math.Round(number / step)) > 1e-9)
        {
            at.Invalid(shown, $"{at.Path} in body should be a multiple of {Go(step)}");
        }
    }

    private void List(JsonArray list, JsonArray? old, FieldErrors at, FieldErrors root)
    {
        for (var i = 0; i < list.Count; i++)
        {
            items?.Check(list[i], Correlated(list[i], old), at.At(i), root);
        }

        if (list.Count < minItems)
        {
            at.Invalid(list.Count, $"{at.Path} in body should have at least {minItems} items");
        }

        if (list.Count > maxItems)
        {
            at.TooMany(list.Count, (int)maxItems);
        }

        if (unique && list.Where((element, i) => list.Take(i).Any(earlier => Same(earlier, element))).Any())
        {
            at.Invalid(list, $"{at.Path} in body shouldn't contain duplicates");
        }
    }

    /// <summary>The element of the old list that has the same keys; other lists are compared as a whole.</summary>
    private JsonNode? Correlated(JsonNode? element, JsonArray? old) => listType == "map" && element is JsonObject item
        ? old?.FirstOrDefault(o => o is JsonObject other && listKeys.All(k => Same(other[k], item[k])))
        : null;

    private void Object(JsonObject item, JsonObject? old, FieldErrors at, FieldErrors root)
    {
        if (item.Count < minProperties)
        {
            at.Invalid(item.Count, $"{at.Path} in body should have at least {minProperties} properties");
        }

        if (item.Count > maxProperties)
        {
            at.TooMany(item.Count, (int)maxProperties);
        }

        foreach (var name in required)
        {
            if (!item.ContainsKey(name))
            {
                at.At(name).Required();
            }
        }

        if (embedded)
        {
            EmbeddedResources.Check(item, at);
        }

        foreach (var (name, value) in item)
        {
            if (properties.TryGetValue(name, out var field))
            {
                if (!(whole && name == "metadata"))
                {
                    field.Check(value, old?[name], at.At(name), root);
                }
                else if (value is JsonObject metadata)
                {
                    field.Object(metadata, old?[name] as JsonObject, at.At(name), root);
                }
            }
            else
            {
                values?.Check(value, old?[name], at.At(name), root);
            }
        }
    }

    /// <summary>Alternatives are reported on the object as a whole, with what the nearest of them misses.</summary>
    private void Junctors(JsonNode value, FieldErrors at, FieldErrors root)
    {
        if (anyOf.Length > 0 && !Any(anyOf, value, at, out var nearest))
        {
            Whole(root).Invalid("", $"\"{at.Path}\" must validate at least one schema (anyOf)");
            nearest!.Check(value, null, at, root);
        }

        if (oneOf.Length > 0 && oneOf.Count(s => s.Accepts(value, at)) is var count && count != 1)
        {
            Whole(root).Invalid("", $"\"{at.Path}\" must validate one and only one schema (oneOf). {(count == 0 ? "Found none valid" : $"Found {count} valid alternatives")}");
            if (count == 0)
            {
                Nearest(oneOf, value, at).Check(value, null, at, root);
            }
        }

        if (allOf.Length > 0)
        {
            var failing = allOf.Where(s => !s.Accepts(value, at)).ToList();
            if (failing.Count > 0)
            {
                Whole(root).Invalid("", $"\"{at.Path}\" must validate all the schemas (allOf){(failing.Count == allOf.Length ? ". None validated" : "")}");
                failing.ForEach(s => s.Check(value, null, at, root));
            }
        }

        if (not is not null && not.Accepts(value, at))
        {
            Whole(root).Invalid("", $"\"{at.Path}\" must not validate the schema (not)");
        }
    }

    private static FieldErrors Whole(FieldErrors root) => root.At("<nil>");

    private static bool Any(ValueSchema[] choices, JsonNode value, FieldErrors at, out ValueSchema? nearest)
    {
        nearest = null;
        if (choices.Any(s => s.Accepts(value, at)))
        {
            return true;
        }

        nearest = Nearest(choices, value, at);
        return false;
    }

    private static ValueSchema Nearest(ValueSchema[] choices, JsonNode value, FieldErrors at) => choices.MinBy(s => s.Problems(value, at))!;

    private bool Accepts(JsonNode value, FieldErrors at) => Problems(value, at) == 0;

    private int Problems(JsonNode value, FieldErrors at)
    {
        var errors = at.Apart();
        Check(value, null, errors, errors);
        return errors.All.Count;
    }

    /// <summary>Elements of sets and maps come once.</summary>
    private void Lists(JsonNode? value, JsonNode? old, FieldErrors at)
    {
        if (old is not null && JsonNode.DeepEquals(value, old))
        {
            return;
        }

        if (value is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                items?.Lists(list[i], Correlated(list[i], old as JsonArray), at.At(i));
                var (element, before) = (list[i], list.Take(i));
                if (listType == "set" ? before.Any(b => Same(b, element)) : listType == "map" && element is JsonObject item && before.Any(b => SameKeys(b, item)))
                {
                    at.At(i).Duplicate(listType == "set" ? JsonTypes.Plain(element) : KeysOf((JsonObject)element!));
                }
            }
        }
        else if (value is JsonObject item)
        {
            foreach (var (name, field) in item)
            {
                (properties.GetValueOrDefault(name) ?? values)?.Lists(field, (old as JsonObject)?[name], at.At(name));
            }
        }
    }

    private bool SameKeys(JsonNode? earlier, JsonObject item) => earlier is JsonObject other && listKeys.All(k => Same(other[k], item[k]));

    private JsonObject KeysOf(JsonObject item) => new(listKeys.Where(item.ContainsKey).Select(k => KeyValuePair.Create(k, item[k]?.DeepClone())));

    private void Rules(JsonNode? value, JsonNode? old, FieldErrors at)
    {
        if (value is null || !hasRules)
        {
            return;
        }

        rules?.Check(value, old, at);
        foreach (var part in allOf)
        {
            part.Rules(value, old, at);
        }

        if (value is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                items?.Rules(list[i], Correlated(list[i], old as JsonArray), at.At(i));
            }
        }
        else if (value is JsonObject item)
        {
            foreach (var (name, field) in item)
            {
                (properties.GetValueOrDefault(name) ?? values)?.Rules(field, (old as JsonObject)?[name], properties.ContainsKey(name) ? at.At(name) : at.Key(name));
            }
        }
    }

    private static bool Same(JsonNode? one, JsonNode? other) => JsonNode.DeepEquals(one, other);

    private static string Go(double value) => GoFloat.Shortest(value);

    private static ValueSchema? Child(JsonNode? node, IValueRulesCompiler? compiler) => node is JsonObject child ? new ValueSchema(child, compiler, root: false) : null;

    private static ValueSchema[] Children(JsonNode? nodes, IValueRulesCompiler? compiler) =>
        nodes is JsonArray list ? [.. list.Select(n => new ValueSchema((JsonObject)n!, compiler, root: false))] : [];

    private static bool Flag(JsonObject source, string name) => source[name] is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;

    private static string? Text(JsonObject source, string name) => source[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string[] Texts(JsonNode? list) => list is JsonArray texts ? [.. texts.Select(i => (string)i!)] : [];

    private static double? Number(JsonObject source, string name) => source[name] is JsonValue value ? JsonTypes.Number(value) : null;

    private static long? Count(JsonObject source, string name) => source[name] is JsonValue value ? (long)JsonTypes.Number(value) : null;
}
