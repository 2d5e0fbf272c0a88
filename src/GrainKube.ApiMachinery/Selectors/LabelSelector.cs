using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using k8s.Models;

namespace GrainKube.ApiMachinery.Selectors;

/// <summary>Chooses objects by their labels: all requirements must hold.</summary>
public sealed class LabelSelector
{
    /// <summary>Matches everything.</summary>
    public static LabelSelector Everything { get; } = new([]);

    /// <summary>Matches nothing: what an absent selector of a workload means.</summary>
    public static LabelSelector Nothing { get; } = new([]) { matchesNothing = true };

    private readonly LabelRequirement[] requirements;
    private bool matchesNothing;

    private LabelSelector(LabelRequirement[] requirements) => this.requirements = requirements;

    public IReadOnlyList<LabelRequirement> Requirements => requirements;

    /// <summary>True when no object can be left out.</summary>
    public bool IsEverything => requirements.Length == 0 && !matchesNothing;

    /// <summary>Reads the text of a <c>labelSelector</c> parameter.</summary>
    /// <exception cref="ApiException">400 with upstream's complaint.</exception>
    public static LabelSelector Parse(string? text) =>
        string.IsNullOrEmpty(text) ? Everything : new LabelSelector(LabelSelectorParser.Parse(text));

    /// <summary>Every one of these labels must be there with its value.</summary>
    public static LabelSelector Of(IEnumerable<KeyValuePair<string, string>> labels) =>
        new([.. labels.Select(l => new LabelRequirement(l.Key, LabelOperator.In, [l.Value]))]);

    /// <summary>From the model. Null matches nothing, an empty selector everything.</summary>
    /// <exception cref="ArgumentException">An operator that is none; validation keeps such objects out.</exception>
    public static LabelSelector From(V1LabelSelector? selector)
    {
        if (selector is null)
        {
            return Nothing;
        }

        var terms = selector.MatchLabels?.Select(l => new LabelRequirement(l.Key, LabelOperator.In, [l.Value])) ?? [];
        var expressions = selector.MatchExpressions?.Select(e => new LabelRequirement(e.Key ?? "", OperatorOf(e.OperatorProperty), [.. e.Values ?? []])) ?? [];
        return new LabelSelector([.. terms, .. expressions]);
    }

    /// <summary>From the JSON of a <c>LabelSelector</c>. Null matches nothing, an empty selector everything.</summary>
    /// <exception cref="ArgumentException">An operator that is none.</exception>
    public static LabelSelector From(JsonObject? selector)
    {
        if (selector is null)
        {
            return Nothing;
        }

        var terms = (selector["matchLabels"] as JsonObject)?.Select(l => new LabelRequirement(l.Key, LabelOperator.In, [l.Value!.GetValue<string>()])) ?? [];
        var expressions = (selector["matchExpressions"] as JsonArray)?.Select(e => new LabelRequirement(
            e!["key"]!.GetValue<string>(),
            OperatorOf(e["operator"]!.GetValue<string>()),
            [.. (e["values"] as JsonArray)?.Select(v => v!.GetValue<string>()) ?? []])) ?? [];
        return new LabelSelector([.. terms, .. expressions]);
    }

    /// <summary>What both choose; null adds nothing.</summary>
    public LabelSelector And(LabelSelector? other) =>
        other is null ? this : matchesNothing || other.matchesNothing ? Nothing : new LabelSelector([.. requirements, .. other.requirements]);

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        if (matchesNothing)
        {
            return false;
        }

        foreach (var requirement in requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The form that <c>status.selector</c> of a scale has: <c>app=web,tier in (a,b),!x</c>.</summary>
    public override string ToString() => matchesNothing ? "" : string.Join(",", requirements.OrderBy(r => r.Key, StringComparer.Ordinal).Select(Text));

    private static string Text(LabelRequirement term) => term.Operator switch
    {
        LabelOperator.In when term.Values.Count == 1 => $"{term.Key}={term.Values[0]}",
        LabelOperator.In => $"{term.Key} in ({Sorted(term)})",
        LabelOperator.NotIn when term.Values.Count == 1 => $"{term.Key}!={term.Values[0]}",
        LabelOperator.NotIn => $"{term.Key} notin ({Sorted(term)})",
        LabelOperator.Exists => term.Key,
        LabelOperator.DoesNotExist => "!" + term.Key,
        LabelOperator.GreaterThan => $"{term.Key}>{term.Values[0]}",
        _ => $"{term.Key}<{term.Values[0]}",
    };

    private static string Sorted(LabelRequirement term) => string.Join(",", term.Values.Order(StringComparer.Ordinal));

    private static LabelOperator OperatorOf(string text) => text switch
    {
        "In" => LabelOperator.In,
        "NotIn" => LabelOperator.NotIn,
        "Exists" => LabelOperator.Exists,
        "DoesNotExist" => LabelOperator.DoesNotExist,
        _ => throw new ArgumentException($"\"{text}\" is not a valid label selector operator", nameof(text)),
    };
}
