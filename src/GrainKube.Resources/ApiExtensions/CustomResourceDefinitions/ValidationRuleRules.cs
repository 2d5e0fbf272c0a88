using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.ApiExtensions.CustomResourceDefinitions;

/// <summary>One entry of <c>x-kubernetes-validations</c>, without its expressions.</summary>
internal static class ValidationRuleRules
{
    private static readonly string[] Reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

    /// <param name="rule">The entry.</param>
    /// <param name="schema">Where it stands.</param>
    /// <param name="at">The entry's place.</param>
    public static void Check(JsonObject rule, JsonObject schema, FieldErrors at)
    {
        var (text, message, expression, path) = (rule.Text("rule").Trim(), rule.Text("message"), rule.Text("messageExpression"), rule.Text("fieldPath"));
        if (text.Length == 0)
        {
            at.At("rule").Required("rule is not specified");
        }
        else if (message.Length > 0 && message.Trim().Length == 0)
        {
            at.At("message").Invalid(message, "must be non-empty if specified");
        }
        else if (BreaksLine(message.Trim()))
        {
            at.At("message").Invalid(message, "must not contain line breaks");
        }
        else if (BreaksLine(text) && message.Length == 0)
        {
            at.At("message").Required("message must be specified if rule contains line breaks");
        }

        if (expression.Length > 0 && expression.Trim().Length == 0)
        {
            at.At("messageExpression").Required("messageExpression must be non-empty if specified");
        }

        if (rule["reason"] is not null && !Reasons.Contains(rule.Text("reason")))
        {
            at.At("reason").NotSupported(rule.Text("reason"), Reasons);
        }

        if (path.Length > 0)
        {
            Path(path, schema, at.At("fieldPath"));
        }
    }

    private static void Path(string path, JsonObject schema, FieldErrors at)
    {
        if (path.Trim().Length == 0)
        {
            at.Invalid(path, "must be non-empty if specified");
        }

        if (BreaksLine(path))
        {
            at.Invalid(path, "must not contain line breaks");
        }

        if (!Leads(path, schema))
        {
            at.Invalid(path, "must be a valid path");
        }
    }

    private static bool BreaksLine(string text) => text.AsSpan().ContainsAny('\n', '\r');

    /// <summary>Steps are <c>.name</c> and <c>['name']</c>; the latter is also an entry of a map.</summary>
    private static bool Leads(ReadOnlySpan<char> path, JsonObject? schema)
    {
        while (!path.IsEmpty && schema is not null)
        {
            if (path.StartsWith("['"))
            {
                var end = path.IndexOf("']");
                if (end < 2)
                {
                    return false;
                }

                var name = path[2..end].ToString().Replace("\\'", "'", StringComparison.Ordinal);
                schema = schema.Object("properties") is { } named ? named.Object(name) : schema.Object("additionalProperties");
                path = path[(end + 2)..];
            }
            else if (path[0] == '.')
            {
                var end = path[1..].IndexOfAny('.', '[') is >= 0 and var length ? length + 1 : path.Length;
                schema = schema.Object("properties").Object(path[1..end].ToString());
                path = path[end..];
            }
            else
            {
                return false;
            }
        }

        return schema is not null;
    }
}
