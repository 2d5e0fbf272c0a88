using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel.Rules;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.ApiExtensions.CustomResourceDefinitions;

/// <summary>The rules (<c>x-kubernetes-validations</c>) of a schema: what they say, that they compile, and that they cannot cost too much.</summary>
/// <remarks>Source: KEP-2876; the estimate and its limits are upstream's, because they decide which definitions are let in.</remarks>
internal sealed class SchemaExpressions
{
    private const string Member = "x-kubernetes-validations";
    private const string Embedded = "x-kubernetes-embedded-resource";
    private readonly bool compiles;
    private readonly bool wasLetIn;
    private readonly List<(FieldErrors At, ulong Cost)> expensive = [];
    private ulong total;

    private SchemaExpressions(bool compiles, bool wasLetIn) => (this.compiles, this.wasLetIn) = (compiles, wasLetIn);

    /// <param name="schema">Of a version.</param>
    /// <param name="isStructural">Nothing else is wrong with it; expressions of a schema that is wrong itself are not looked into.</param>
    /// <param name="wasLetIn">It stood there before, word for word: no expression of it is refused for its own cost.</param>
    /// <param name="at">Its place.</param>
    public static void Check(JsonObject schema, bool isStructural, bool wasLetIn, FieldErrors at)
    {
        var expressions = new SchemaExpressions(isStructural, wasLetIn);
        expressions.Node(schema, isRoot: true, times: 1, at, uncorrelated: null);
        if (expressions.total <= RuleEstimate.PerSchema)
        {
            return;
        }

        foreach (var (place, _) in expressions.expensive.OrderByDescending(e => e.Cost).Take(4))
        {
            place.Forbidden("contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema");
        }

        at.Forbidden(TooMuch("x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema", expressions.total, RuleEstimate.PerSchema));
    }

    /// <param name="schema">The place.</param>
    /// <param name="isRoot">It is the object itself.</param>
    /// <param name="times">How often the place can be in one object; null where nothing bounds it.</param>
    /// <param name="at">Where it is.</param>
    /// <param name="uncorrelated">The path of a list or map above, whose old and new contents cannot be told to belong together.</param>
    private void Node(JsonObject schema, bool isRoot, ulong? times, FieldErrors at, string? uncorrelated)
    {
        var before = at.All.Count;
        var below = times is { } known && Factor(schema) is { } factor ? (factor != 0 && known > ulong.MaxValue / factor ? ulong.MaxValue : known * factor) : (ulong?)null;
        if (schema.Object("additionalProperties") is { } values)
        {
            Node(values, isRoot: false, below, at.At("additionalProperties"), uncorrelated);
        }

        var fields = schema.Text("x-kubernetes-map-type") == "atomic" ? uncorrelated ?? at.Path : uncorrelated;
        foreach (var (name, child) in schema.Object("properties") ?? [])
        {
            if (child is JsonObject property)
            {
                Node(property, isRoot: false, below, at.At("properties").Key(name), fields);
            }
        }

        if (schema.Object("items") is { } items)
        {
            Node(items, isRoot: false, below, at.At("items"), schema.Text("x-kubernetes-list-type") == "map" ? uncorrelated : uncorrelated ?? at.Path);
        }

        var rules = schema.Objects(Member).ToList();
        for (var i = 0; i < rules.Count; i++)
        {
            ValidationRuleRules.Check(rules[i], schema, at.At(Member).At(i));
        }

        if (compiles && rules.Count > 0 && at.All.Count == before)
        {
            Estimate(schema, rules, isRoot || schema.Flag(Embedded), times, at, uncorrelated);
        }
    }

    private void Estimate(JsonObject schema, List<JsonObject> rules, bool isWhole, ulong? times, FieldErrors at, string? uncorrelated)
    {
        foreach (var estimate in CelRules.Check(schema, isWhole, at))
        {
            var place = at.At(Member).At(estimate.Index);
            Count(estimate.Total(times), "estimated rule cost", place.At("rule"));
            if (estimate.Message is { } message)
            {
                Count(message, "estimated messageExpression cost", place.At("messageExpression"));
            }

            if (estimate.IsTransition && uncorrelated is not null)
            {
                place.At("rule").Invalid(rules[estimate.Index].Text("rule"), $"oldSelf cannot be used on the uncorrelatable portion of the schema within {uncorrelated}");
            }
            else if (!estimate.IsTransition && rules[estimate.Index]["optionalOldSelf"] is { } optional)
            {
                place.At("optionalOldSelf").Invalid(optional, "may not be set if oldSelf is not used in rule");
            }
        }
    }

    private void Count(ulong cost, string what, FieldErrors at)
    {
        if (cost > RuleEstimate.PerRule && !wasLetIn)
        {
            at.Forbidden(TooMuch(what, cost, RuleEstimate.PerRule));
        }

        total = total > ulong.MaxValue - cost ? ulong.MaxValue : total + cost;
        if (cost >= RuleEstimate.PerSchema / 100)
        {
            expensive.Add((at, cost));
        }
    }

    /// <summary>How many values stand below one value of this schema.</summary>
    private static ulong? Factor(JsonObject schema) => schema.Text("type") switch
    {
        "object" when schema["additionalProperties"] is not null => Most(schema, "maxProperties"),
        "array" => Most(schema, "maxItems"),
        _ => 1,
    };

    private static ulong? Most(JsonObject schema, string name) => schema.Number(name) is { } most ? (ulong)Math.Max(0, most) : null;

    private static string TooMuch(string what, ulong cost, ulong limit)
    {
        var factor = (double)cost / limit;
        var shown = factor > 100 ? "more than 100x" : factor.ToString(factor < 1.5 ? "F6" : "F1", CultureInfo.InvariantCulture) + "x";
        return $"{what} exceeds budget by factor of {shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";
    }
}
