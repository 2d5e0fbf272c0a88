using GrainKube.ApiMachinery.Cel.Syntax;

namespace GrainKube.ApiMachinery.Cel.Rules;

/// <summary>Finds out whether a rule looks at <c>oldSelf</c>.</summary>
internal static class OldSelf
{
    /// <summary>By its tokens: a field or text of this name is none.</summary>
    public static bool IsNamedIn(string rule)
    {
        var lexer = new Lexer(rule);
        var before = default(Token);
        for (var token = lexer.Next(); token.Kind != TokenKind.End; token = lexer.Next())
        {
            if (token.Kind == TokenKind.Identifier && token.Text == "oldSelf" && !before.Is("."))
            {
                return true;
            }

            before = token;
        }

        return false;
    }
}
