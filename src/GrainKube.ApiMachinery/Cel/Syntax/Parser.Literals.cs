using System.Globalization;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Syntax;

/// <summary>Literals, lists, maps and objects; and the steps through the tokens.</summary>
internal sealed partial class Parser
{
    private ConstExpr Literal(bool negative, int at)
    {
        var found = token;
        Advance();
        switch (found.Kind)
        {
            case TokenKind.Int:
                var limit = negative ? 1UL << 63 : long.MaxValue;
                return Lexer.TryInt(found.Text, out var whole) && whole <= limit
                    ? new ConstExpr(at, CelValue.Of(negative ? unchecked(-(long)whole) : (long)whole))
                    : throw new SyntaxException(at, "invalid int literal");
            case TokenKind.Uint:
                return Lexer.TryInt(found.Text, out var unsigned) ? new ConstExpr(at, CelValue.OfUint(unsigned)) : throw new SyntaxException(at, "invalid uint literal");
            case TokenKind.Double:
                return double.TryParse(found.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                    ? new ConstExpr(at, CelValue.Of(negative ? -number : number))
                    : throw new SyntaxException(at, "invalid double literal");
            case TokenKind.Bytes:
                return new ConstExpr(at, CelValue.Of(found.Raw!));
            default:
                return new ConstExpr(at, CelValue.Of(found.Text));
        }
    }

    private ListExpr List()
    {
        var at = Advance();
        List<Expr> elements = [];
        List<bool> optional = [];
        while (!token.Is("]"))
        {
            optional.Add(Accept("?"));
            elements.Add(Expression());
            if (!Accept(","))
            {
                break;
            }
        }

        Expect("]");
        return new ListExpr(at, elements, optional);
    }

    private MapExpr Map()
    {
        var at = Advance();
        List<MapEntry> entries = [];
        while (!token.Is("}"))
        {
            var optional = Accept("?");
            var key = Expression();
            Expect(":");
            entries.Add(new MapEntry(key, Expression(), optional));
            if (!Accept(","))
            {
                break;
            }
        }

        Expect("}");
        return new MapExpr(at, entries);
    }

    private StructExpr Struct(string typeName)
    {
        var at = Advance();
        List<FieldEntry> fields = [];
        while (!token.Is("}"))
        {
            var optional = Accept("?");
            if (token.Kind != TokenKind.Identifier)
            {
                throw Unexpected("expecting {'}', ',', IDENTIFIER}");
            }

            var (position, name) = (token.Position, token.Text);
            Advance();
            Expect(":");
            fields.Add(new FieldEntry(position, name, Expression(), optional));
            if (!Accept(","))
            {
                break;
            }
        }

        Expect("}");
        return new StructExpr(at, typeName.TrimStart('.'), fields);
    }

    private List<Expr> Arguments(string close)
    {
        List<Expr> arguments = [];
        if (!token.Is(close))
        {
            do
            {
                arguments.Add(Expression());
            }
            while (Accept(","));
        }

        Expect(close);
        return arguments;
    }

    private void Deeper()
    {
        if (++depth > MaximumDepth)
        {
            throw new SyntaxException(token.Position, $"expression recursion limit exceeded: {MaximumDepth}");
        }
    }

    /// <summary>Steps on; gives where the token was that is left behind.</summary>
    private int Advance()
    {
        var at = token.Position;
        token = lexer.Next();
        return at;
    }

    private bool Accept(string op)
    {
        if (!token.Is(op))
        {
            return false;
        }

        Advance();
        return true;
    }

    private void Expect(string op)
    {
        if (!Accept(op))
        {
            throw Unexpected($"expecting '{op}'");
        }
    }

    private SyntaxException Unexpected(string expecting) => new(token.Position, $"Syntax error: mismatched input '{token.Text}' {expecting}");
}
