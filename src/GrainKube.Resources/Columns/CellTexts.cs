using System.Globalization;
using k8s.Models;

namespace GrainKube.Resources.Columns;

/// <summary>Texts that cells of several kinds share.</summary>
internal static class CellTexts
{
    public const string None = "<none>";

    /// <summary>The text, or <c>&lt;none&gt;</c> where there is none.</summary>
    public static string OrNone(string? text) => string.IsNullOrEmpty(text) ? None : text;

    /// <summary><c>a=1,b=2</c>, sorted by key.</summary>
    public static string Labels(IDictionary<string, string>? labels) =>
        labels is not { Count: > 0 } ? None : string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));

    /// <summary>A selector in the notation of <c>kubectl -l</c>; an empty one, which selects everything, shows as <c>&lt;none&gt;</c>, as upstream has it.</summary>
    public static string Selector(V1LabelSelector? selector)
    {
        var parts = (selector?.MatchLabels ?? new Dictionary<string, string>()).Select(l => (l.Key, Text: $"{l.Key}={l.Value}"))
            .Concat((selector?.MatchExpressions ?? []).Select(e => (e.Key, Text: Expression(e))))
            .OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Text);
        return OrNone(string.Join(',', parts));
    }

    /// <summary>Names of the containers, and their images.</summary>
    public static string ContainerNames(V1PodTemplateSpec? template) => string.Join(',', (template?.Spec?.Containers ?? []).Select(c => c.Name));

    /// <inheritdoc cref="ContainerNames"/>
    public static string ContainerImages(V1PodTemplateSpec? template) => string.Join(',', (template?.Spec?.Containers ?? []).Select(c => c.Image));

    /// <summary>The first three, then how many more there are.</summary>
    public static string FirstThree(IReadOnlyCollection<string> items) =>
        items.Count <= 3 ? string.Join(',', items) : string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', items.Take(3))} + {items.Count - 3} more...");

    /// <summary><c>True</c>, <c>False</c>, or <c>&lt;unset&gt;</c>.</summary>
    public static string Switch(bool? value) => value switch { true => "True", false => "False", null => "<unset>" };

    /// <summary>Access modes in their short form: <c>RWO,ROX,RWX,RWOP</c>, each once, in this order.</summary>
    public static string AccessModes(IList<string>? modes) => string.Join(
        ',',
        new (string Mode, string Short)[] { ("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP") }
            .Where(m => modes?.Contains(m.Mode) == true).Select(m => m.Short));

    /// <summary>An entry of a resource list, or nothing.</summary>
    public static string Quantity(IDictionary<string, ResourceQuantity>? resources, string name) =>
        resources is not null && resources.TryGetValue(name, out var quantity) ? quantity.ToString() : "";

    /// <summary>The storage class of a volume or claim; the annotation from before there was a field still wins.</summary>
    public static string Class(V1ObjectMeta? metadata, string? name) =>
        metadata?.Annotations is { } annotations && annotations.TryGetValue("volume.beta.kubernetes.io/storage-class", out var old) ? old : name ?? "";

    private static string Expression(V1LabelSelectorRequirement expression)
    {
        var values = string.Join(',', (expression.Values ?? []).Order(StringComparer.Ordinal));
        return expression.OperatorProperty switch
        {
            "In" => $"{expression.Key} in ({values})",
            "NotIn" => $"{expression.Key} notin ({values})",
            "DoesNotExist" => $"!{expression.Key}",
            _ => expression.Key,
        };
    }
}
