using System.Text.RegularExpressions;
using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Evaluation;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary><c>matches</c>, <c>find</c> and <c>findAll</c>.</summary>
internal static class RegexFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Global("matches", "string, string -> bool", static a => With(a[1], a[0].AsString, Matches));
        table.Member("matches", "string, string -> bool", static a => With(a[1], a[0].AsString, Matches));
        table.Member("find", "string, string -> string", static a => With(a[1], a[0].AsString, static (regex, text) => CelValue.Of(regex.Match(text).Value)));
        table.Member("findAll", "string, string -> list(string)", static a => With(a[1], a[0].AsString, static (regex, text) => All(regex, text, -1)));
        table.Member("findAll", "string, string, int -> list(string)", static a =>
        {
            var most = a[2].AsInt;
            return With(a[1], a[0].AsString, (regex, text) => All(regex, text, most));
        });
        table.Costs(static (a, _) => Costs.Regex(a[0], a[1]), "matches", "find", "findAll");
    }

    internal static CelValue Matches(Regex regex, string text) => CelValue.Of(regex.IsMatch(text));

    private static CelValue With(CelValue pattern, string text, Func<Regex, string, CelValue> use) =>
        Re2.TryParse(pattern.AsString, out var regex, out var complaint) ? use(regex, text) : CelValue.Fail(complaint);

    private static CelValue All(Regex regex, string text, long most)
    {
        List<CelValue> found = [];
        foreach (var match in regex.EnumerateMatches(text))
        {
            if (found.Count == most)
            {
                break;
            }

            found.Add(CelValue.Of(text.Substring(match.Index, match.Length)));
        }

        return CelValue.Of(found);
    }
}

/// <summary><c>text.matches('literal')</c>, whose expression is read once.</summary>
internal sealed class RegexNode : Node
{
    private readonly Node text;
    private readonly CelValue pattern;
    private readonly Regex regex;

    private RegexNode(Node text, CelValue pattern, Regex regex) => (this.text, this.pattern, this.regex) = (text, pattern, regex);

    public static RegexNode? Of(string function, Node[] arguments) =>
        function == "matches" && arguments.Length == 2 && arguments[1] is ConstNode { Value: { Kind: CelKind.String } literal } && Re2.TryParse(literal.AsString, out var regex, out _)
            ? new RegexNode(arguments[0], literal, regex)
            : null;

    public override CelValue Run(EvaluationContext context)
    {
        var value = text.Run(context);
        if (value.Kind != CelKind.String)
        {
            return value.IsError ? value : CelValue.Of(CelError.NoOverload);
        }

        context.Charge(Costs.Regex(value, pattern));
        return RegexFunctions.Matches(regex, value.AsString);
    }
}
