using System.Globalization;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Selectors;

/// <summary>The grammar of label selectors in a query: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k,l&gt;5</c>.</summary>
internal sealed class LabelSelectorParser
{
    private const string Operators = "in, notin, =, ==, !=, gt, lt";
    private readonly List<string> tokens;
    private int at;

    private LabelSelectorParser(string text) => tokens = Tokens(text);

    /// <exception cref="ApiException">400 with upstream's complaint.</exception>
    public static LabelRequirement[] Parse(string text) => new LabelSelectorParser(text).Selector();

    private string Here => at < tokens.Count ? tokens[at] : "";

    private bool AtEnd => at >= tokens.Count;

    private LabelRequirement[] Selector()
    {
        var terms = new List<LabelRequirement>();
        while (!AtEnd)
        {
            if (Here != "!" && !IsIdentifier(Here))
            {
                throw Wrong($"found '{Here}', expected: !, identifier, or 'end of string'");
            }

            terms.Add(Requirement());
            if (AtEnd)
            {
                break;
            }

            if (Here != ",")
            {
                throw Wrong($"found '{Here}', expected: ',' or 'end of string'");
            }

            at++;
            if (Here != "!" && (AtEnd || !IsIdentifier(Here)))
            {
                throw Wrong($"found '{Here}', expected: identifier after ','");
            }
        }

        return [.. terms.OrderBy(t => t.Key, StringComparer.Ordinal)];
    }

    private LabelRequirement Requirement()
    {
        var absent = Here == "!";
        at += absent ? 1 : 0;
        if (AtEnd || !IsIdentifier(Here))
        {
            throw WrongTerm($"found '{Here}', expected: identifier");
        }

        var key = tokens[at++];
        if (NameRules.LabelKey(key) is { Count: > 0 } complaints)
        {
            throw WrongTerm($"<nil>: Invalid value: \"{key}\": {string.Join("; ", complaints)}");
        }

        if (absent || AtEnd || Here == ",")
        {
            return AtEnd || Here == ","
                ? new LabelRequirement(key, absent ? LabelOperator.DoesNotExist : LabelOperator.Exists, [])
                : throw Wrong($"found '{Here}', expected: ',' or 'end of string'");
        }

        return Comparison(key, tokens[at++]);
    }

    private LabelRequirement Comparison(string key, string text)
    {
        var (kind, values) = text switch
        {
            "=" or "==" => (LabelOperator.In, ExactValue()),
            "!=" => (LabelOperator.NotIn, ExactValue()),
            "in" => (LabelOperator.In, ValueSet()),
            "notin" => (LabelOperator.NotIn, ValueSet()),
            ">" => (LabelOperator.GreaterThan, ExactValue()),
            "<" => (LabelOperator.LessThan, ExactValue()),
            _ => throw WrongTerm($"found '{text}', expected: {Operators}"),
        };
        var errors = new FieldErrors();
        for (var i = 0; i < values.Count; i++)
        {
            var place = errors.At("values").At(i);
            if (kind is LabelOperator.GreaterThan or LabelOperator.LessThan
                && !long.TryParse(values[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                place.Invalid(values[i], "for 'Gt', 'Lt' operators, the value must be an integer");
            }

            if (NameRules.LabelValue(values[i]) is { Count: > 0 } complaints)
            {
                place.Key(key).Invalid(values[i], string.Join("; ", complaints));
            }
        }

        return errors.IsEmpty
            ? new LabelRequirement(key, kind, values)
            : throw WrongTerm(errors.All.Count == 1 ? errors.All[0].ToString() : $"[{string.Join(", ", errors.All)}]");
    }

    private IReadOnlyList<string> ExactValue()
    {
        if (AtEnd || Here == ",")
        {
            return [""];
        }

        return IsIdentifier(Here) ? [tokens[at++]] : throw WrongTerm($"found '{Here}', expected: identifier");
    }

    private IReadOnlyList<string> ValueSet()
    {
        if (Here != "(")
        {
            throw WrongTerm($"found '{Here}' expected: '('");
        }

        at++;
        var values = new SortedSet<string>(StringComparer.Ordinal);
        if (Here == ")")
        {
            at++;
            return [""];
        }

        if (AtEnd || (Here != "," && !IsIdentifier(Here)))
        {
            throw WrongTerm($"found '{Here}', expected: ',', ')' or identifier");
        }

        while (true)
        {
            // Between two commas, or a comma and a bracket, stands the empty value.
            values.Add(IsIdentifier(Here) ? tokens[at++] : "");
            if (Here == ")")
            {
                at++;
                return [.. values];
            }

            if (Here != ",")
            {
                throw WrongTerm($"found '{Here}', expected: ',' or ')'");
            }

            at++;
            if (AtEnd || (Here is not "," and not ")" && !IsIdentifier(Here)))
            {
                throw WrongTerm($"found '{Here}', expected: ',', or identifier");
            }
        }
    }

    private static bool IsIdentifier(string token) => token.Length > 0 && !IsSymbol(token[0]);

    private static bool IsSymbol(char c) => c is '=' or '!' or '(' or ')' or ',' or '>' or '<';

    private static List<string> Tokens(string text)
    {
        var tokens = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            if (text[i] is ' ' or '\t' or '\r' or '\n')
            {
                i++;
                continue;
            }

            var start = i++;
            if (!IsSymbol(text[start]))
            {
                while (i < text.Length && !IsSymbol(text[i]) && text[i] is not (' ' or '\t' or '\r' or '\n'))
                {
                    i++;
                }
            }
            else if (text[start] is '=' or '!' && i < text.Length && text[i] == '=')
            {
                i++;
            }

            tokens.Add(text[start..i]);
        }

        return tokens;
    }

    private static ApiException WrongTerm(string complaint) => Wrong("unable to parse requirement: " + complaint);

    private static ApiException Wrong(string complaint) => ApiException.BadRequest(complaint);
}
