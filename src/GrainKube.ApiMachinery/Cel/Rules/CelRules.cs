using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel.Estimation;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Schemas.Structural;
using GrainKube.ApiMachinery.Schemas.Values;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Cel.Rules;

/// <summary>The <c>x-kubernetes-validations</c> of one place in the schema of a custom resource, as CEL. Thread safe.</summary>
/// <remarks>Source: KEP-2876, "CRD Validation Expression Language".</remarks>
public sealed class CelRules : IValueRules
{
    private const string Member = "x-kubernetes-validations";

    // Rules see name and generateName of an object's metadata and nothing else of it.
    private static readonly Schema Metadata = new() { Type = SchemaType.Object, PreserveUnknownFields = true };
    private readonly CompiledRule[] rules;
    private readonly string type;

    private CelRules(CompiledRule[] rules, string type) => (this.rules, this.type) = (rules, type);

    /// <param name="schema">The place, with all that is below it.</param>
    /// <param name="isWhole">A whole object with apiVersion, kind and metadata stands there.</param>
    /// <returns>Null where there are no rules.</returns>
    /// <exception cref="CelCompileException">A rule is no valid expression; <see cref="Check(JsonObject, bool, FieldErrors)"/> refuses such a schema before it is stored.</exception>
    public static CelRules? Of(JsonObject schema, bool isWhole)
    {
        var place = Place(schema, isWhole);
        var compiled = Read(schema).Select(rule => CompiledRule.Compile(rule, place, isWhole)).ToArray();
        return compiled.Length == 0 ? null : new CelRules(compiled, schema["type"] is JsonValue text && text.TryGetValue<string>(out var name) ? name : "object");
    }

    /// <summary>Complains of the rules of a place that are no valid expressions, and estimates the others.</summary>
    /// <param name="schema">The place, with all that is below it.</param>
    /// <param name="isWhole">A whole object with apiVersion, kind and metadata stands there.</param>
    /// <param name="at">Where the place is; problems go below it.</param>
    public static IReadOnlyList<RuleEstimate> Check(JsonObject schema, bool isWhole, FieldErrors at)
    {
        List<RuleEstimate> estimates = [];
        Schema? place = null;
        SizedType? sizes = null;
        foreach (var (index, rule) in Read(schema).Index())
        {
            if (rule.Rule.Trim().Length == 0)
            {
                continue;
            }

            place ??= Place(schema, isWhole);
            sizes ??= SizedType.Of(schema, isWhole) ?? SizedType.Opaque;
            var where = at.At(Member).At(index);
            var cost = Most(ofMessage: false);
            var message = rule.MessageExpression.Length == 0 ? null : Most(ofMessage: true);
            if (cost is { } known)
            {
                estimates.Add(new RuleEstimate(index, known, message, sizes.MostOften, OldSelf.IsNamedIn(rule.Rule)));
            }

            ulong? Most(bool ofMessage)
            {
                try
                {
                    return CompiledRule.MostCost(rule, place, isWhole, sizes, ofMessage);
                }
                catch (CelCompileException wrong)
                {
                    where.At(ofMessage ? "messageExpression" : "rule").Invalid(wrong.Text, $"{(ofMessage ? "messageExpression " : "")}compilation failed: {wrong.Message}");
                    return null;
                }
            }
        }

        return estimates;
    }

    public void Check(JsonNode value, JsonNode? old, FieldErrors at)
    {
        var budget = new CelBudget(CelBudget.PerObject);
        foreach (var rule in rules)
        {
            if (rule.Validate(value, old, budget) is not { } violation)
            {
                continue;
            }

            Report(rule.Source, violation.Message, Below(at, rule.Source.FieldPath));
            if (violation.IsBudget)
            {
                return;
            }
        }
    }

    private void Report(ValidationRule rule, string message, FieldErrors at)
    {
        switch (rule.Reason)
        {
            case "FieldValueForbidden":
                at.Forbidden(message);
                break;
            case "FieldValueRequired":
                at.Required(message);
                break;
            case "FieldValueDuplicate":
                at.Duplicate(type, message);
                break;
            default:
                at.Invalid(type, message);
                break;
        }
    }

    /// <summary>Follows a path such as <c>.spec.items['a.b'].c</c>.</summary>
    private static FieldErrors Below(FieldErrors at, string path)
    {
        for (var i = 0; i < path.Length;)
        {
            if (path[i] == '[' && path.IndexOf(']', i) is > 0 and var close)
            {
                at = at.Key(path[(i + 1)..close].Trim('\'', '"'));
                i = close + 1;
                continue;
            }

            var start = path[i] == '.' ? i + 1 : i;
            var end = path.AsSpan(start).IndexOfAny('.', '[') is >= 0 and var length ? start + length : path.Length;
            at = at.At(path[start..end]);
            i = end;
        }

        return at;
    }

    private static Schema Place(JsonObject schema, bool isWhole) => isWhole ? StructuralSchema.Of(schema, Metadata) : StructuralSchema.Place(schema, Metadata);

    private static IEnumerable<ValidationRule> Read(JsonObject schema)
    {
        foreach (var item in (schema[Member] as JsonArray ?? []).OfType<JsonObject>())
        {
            yield return new ValidationRule
            {
                Rule = Text(item, "rule"),
                Message = Text(item, "message"),
                MessageExpression = Text(item, "messageExpression"),
                Reason = Text(item, "reason"),
                FieldPath = Text(item, "fieldPath"),
                OptionalOldSelf = item["optionalOldSelf"] is JsonValue flag && flag.TryGetValue<bool>(out var optional) && optional,
            };
        }
    }

    private static string Text(JsonObject item, string name) => item[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
