using System.Text;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiMachinery.Selectors;

/// <summary>Chooses objects by the few fields that their kind offers for it, besides name and namespace.</summary>
public sealed class FieldSelector
{
    public static FieldSelector Everything { get; } = new([]);

    private readonly FieldRequirement[] requirements;

    private FieldSelector(FieldRequirement[] requirements) => this.requirements = requirements;

    public IReadOnlyList<FieldRequirement> Requirements => requirements;

    public bool IsEverything => requirements.Length == 0;

    /// <summary>Reads the text of a <c>fieldSelector</c> parameter: terms with <c>=</c>, <c>==</c> or <c>!=</c>, a backslash escapes comma, equals sign and itself.</summary>
    /// <exception cref="ApiException">400 with upstream's complaint.</exception>
    public static FieldSelector Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Everything;
        }

        var terms = Split(text);
        terms.Sort(StringComparer.Ordinal);
        return new FieldSelector([.. terms.Where(t => t.Length > 0).Select(t => Term(t, text))]);
    }

    /// <summary>Refuses fields that the kind does not offer.</summary>
    /// <exception cref="ApiException">400 with upstream's complaint.</exception>
    public void Check(ResourceDefinition definition)
    {
        foreach (var requirement in requirements)
        {
            if (requirement.Field is not ("metadata.name" or "metadata.namespace") && !definition.SelectableFields.ContainsKey(requirement.Field))
            {
                throw ApiException.BadRequest(definition.SelectableFields.Count > 0
                    ? $"field label not supported: {requirement.Field}"
                    : $"\"{requirement.Field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
            }
        }
    }

    /// <summary>True when the object has what is asked; call <see cref="Check"/> before.</summary>
    public bool Matches(KubeObject item, ResourceDefinition definition)
    {
        foreach (var requirement in requirements)
        {
            var value = requirement.Field switch
            {
                "metadata.name" => item.Key.Name,
                "metadata.namespace" => item.Key.Namespace,
                _ => definition.SelectableFields[requirement.Field](item),
            };
            if (value == requirement.Value != requirement.Equal)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The one value that the field must have, if the selector says so: <c>metadata.name=x</c> needs no scan.</summary>
    public string? ValueOf(string field) => requirements.FirstOrDefault(r => r.Equal && r.Field == field)?.Value;

    /// <inheritdoc/>
    public override string ToString() => string.Join(",", requirements.Select(r => $"{r.Field}{(r.Equal ? "=" : "!=")}{Escape(r.Value)}"));

    private static FieldRequirement Term(string term, string whole)
    {
        var equals = term.IndexOf('=');
        var not = term.IndexOf("!=", StringComparison.Ordinal);
        if (equals < 0)
        {
            throw ApiException.BadRequest($"invalid selector: '{whole}'; can't understand '{term}'");
        }

        if (not >= 0 && not < equals)
        {
            return new FieldRequirement(term[..not], Unescape(term[(not + 2)..]), Equal: false);
        }

        var start = equals + (equals + 1 < term.Length && term[equals + 1] == '=' ? 2 : 1);
        return new FieldRequirement(term[..equals], Unescape(term[start..]), Equal: true);
    }

    private static List<string> Split(string text)
    {
        var terms = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == ',')
            {
                terms.Add(text[start..i]);
                start = i + 1;
            }
        }

        terms.Add(text[start..]);
        return terms;
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\").Replace(",", "\\,").Replace("=", "\\=");

    private static string Unescape(string value)
    {
        if (value.IndexOfAny(['\\', ',', '=']) < 0)
        {
            return value;
        }

        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is ',' or '=')
            {
                throw ApiException.BadRequest($"invalid field selector: unescaped character in value: {(int)value[i]}");
            }

            if (value[i] == '\\')
            {
                i++;
                if (i >= value.Length || value[i] is not ('\\' or ',' or '='))
                {
                    throw ApiException.BadRequest($"invalid field selector: invalid escape sequence: {value[(i - 1)..Math.Min(i + 1, value.Length)]}");
                }
            }

            text.Append(value[i]);
        }

        return text.ToString();
    }
}
