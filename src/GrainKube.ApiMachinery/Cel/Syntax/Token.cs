namespace GrainKube.ApiMachinery.Cel.Syntax;

internal enum TokenKind
{
    End,
    Identifier,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Operator,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">The identifier, the operator, the digits, or the content of a string after its escapes.</param>
/// <param name="Position">Where it begins.</param>
/// <param name="Raw">A bytes literal's content.</param>
/// <param name="Escaped">An identifier that was written in backquotes.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, byte[]? Raw = null, bool Escaped = false)
{
    public bool Is(string op) => Kind == TokenKind.Operator && Text == op;
}
