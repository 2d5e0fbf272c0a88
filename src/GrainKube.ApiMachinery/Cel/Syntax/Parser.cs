using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Syntax;

/// <summary>Turns a text into a tree. It stops at the first error.</summary>
internal sealed partial class Parser
{
    /// <summary>As many code points as cel-go takes.</summary>
    public const int MaximumLength = 100_000;

    private const int MaximumNesting = 250;
    private const int MaximumDepth = 1000;
    private const string Expected = "expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

    private static readonly HashSet<string> Reserved =
        ["as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while"];

    private readonly Lexer lexer;
    private Token token;
    private int nesting;
    private int depth;

    private Parser(string source) => lexer = new Lexer(source);

    /// <exception cref="SyntaxException">What is wrong first.</exception>
    public static Expr Parse(string source)
    {
        if (source.Length > MaximumLength)
        {
            throw new SyntaxException(0, $"expression code point size exceeds limit: size: {source.Length}, limit {MaximumLength}");
        }

        var parser = new Parser(source);
        parser.Advance();
        var expr = parser.Expression();
        return parser.token.Kind == TokenKind.End
            ? expr
            : throw new SyntaxException(parser.token.Position, $"Syntax error: mismatched input '{parser.token.Text}' expecting <EOF>");
    }

    private Expr Expression()
    {
        if (++nesting > MaximumNesting)
        {
            throw new SyntaxException(token.Position, $"expression recursion limit exceeded: {MaximumNesting}");
        }

        Deeper();
        var condition = Or();
        if (token.Is("?"))
        {
            var at = Advance();
            var yes = Or();
            Expect(":");
            var no = Expression();
            condition = new CallExpr(at, "_?_:_", null, [condition, yes, no]);
        }

        nesting--;
        depth--;
        return condition;
    }

    private Expr Or() => Balanced("||", "_||_", And);

    private Expr And() => Balanced("&&", "_&&_", Relation);

    /// <summary>A long chain becomes a flat tree: depth is what the stack pays for.</summary>
    private Expr Balanced(string op, string function, Func<Expr> operand)
    {
        var first = operand();
        if (!token.Is(op))
        {
            return first;
        }

        List<Expr> operands = [first];
        List<int> positions = [];
        while (token.Is(op))
        {
            positions.Add(Advance());
            operands.Add(operand());
        }

        return Build(0, operands.Count - 1);

        Expr Build(int from, int to)
        {
            if (from == to)
            {
                return operands[from];
            }

            var middle = (from + to) / 2;
            return new CallExpr(positions[middle], function, null, [Build(from, middle), Build(middle + 1, to)]);
        }
    }

    private Expr Relation()
    {
        var left = Sum();
        var before = depth;
        while (RelationOf(token) is { } function)
        {
            Deeper();
            var at = Advance();
            left = new CallExpr(at, function, null, [left, Sum()]);
        }

        depth = before;
        return left;
    }

    private static string? RelationOf(Token token) => token switch
    {
        { Kind: TokenKind.Identifier, Text: "in", Escaped: false } => "@in",
        { Kind: TokenKind.Operator, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" } => $"_{token.Text}_",
        _ => null,
    };

    private Expr Sum() => Chain(Product, "+", "-");

    private Expr Product() => Chain(Unary, "*", "/", "%");

    private Expr Chain(Func<Expr> operand, params ReadOnlySpan<string> operators)
    {
        var left = operand();
        var before = depth;
        while (token.Kind == TokenKind.Operator && operators.Contains(token.Text))
        {
            Deeper();
            var function = $"_{token.Text}_";
            var at = Advance();
            left = new CallExpr(at, function, null, [left, operand()]);
        }

        depth = before;
        return left;
    }

    private Expr Unary()
    {
        if (!token.Is("!") && !token.Is("-"))
        {
            return Member(Primary());
        }

        var (op, first) = (token.Text, token.Position);
        var count = 0;
        while (token.Is(op))
        {
            Advance();
            count++;
        }

        if (op == "-" && token.Kind is TokenKind.Int or TokenKind.Double)
        {
            count--;
            var literal = Member(Literal(negative: true, first));
            return count % 2 == 0 ? literal : new CallExpr(first, "-_", null, [literal]);
        }

        var operand = Member(Primary());
        return count % 2 == 0 ? operand : new CallExpr(first, op + "_", null, [operand]);
    }

    private Expr Member(Expr operand)
    {
        var before = depth;
        while (token.Kind == TokenKind.Operator)
        {
            Deeper();
            if (token.Is("."))
            {
                operand = Dot(operand);
            }
            else if (token.Is("["))
            {
                var at = Advance();
                var optional = Accept("?");
                var index = Expression();
                Expect("]");
                operand = new CallExpr(at, optional ? "_[?_]" : "_[_]", null, [operand, index]);
            }
            else if (token.Is("{") && NameOf(operand) is { } typeName)
            {
                operand = Struct(typeName);
            }
            else
            {
                break;
            }
        }

        depth = before;
        return operand;
    }

    private Expr Dot(Expr operand)
    {
        var at = Advance();
        var optional = Accept("?");
        if (token.Kind != TokenKind.Identifier)
        {
            throw Unexpected("expecting IDENTIFIER");
        }

        var (name, escaped) = (token.Text, token.Escaped);
        Advance();
        if (optional || escaped || !token.Is("("))
        {
            return new SelectExpr(at, operand, name, Optional: optional);
        }

        var open = Advance();
        var arguments = Arguments(")");
        return Macros.Member(open, operand, name, arguments) ?? new CallExpr(open, name, operand, arguments);
    }

    private Expr Primary()
    {
        switch (token.Kind)
        {
            case TokenKind.Int or TokenKind.Uint or TokenKind.Double or TokenKind.String or TokenKind.Bytes:
                return Literal(negative: false, token.Position);
            case TokenKind.Identifier:
                return Name("");
            case TokenKind.Operator when token.Text == ".":
                Advance();
                return token.Kind == TokenKind.Identifier ? Name(".") : throw Unexpected("expecting IDENTIFIER");
            case TokenKind.Operator when token.Text == "(":
                Advance();
                var inner = Expression();
                Expect(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return List();
            case TokenKind.Operator when token.Text == "{":
                return Map();
            default:
                throw Unexpected(Expected);
        }
    }

    private Expr Name(string root)
    {
        var (at, name) = (token.Position, token.Text);
        if (root.Length == 0 && !token.Escaped && Keyword(name) is { } value)
        {
            Advance();
            return new ConstExpr(at, value);
        }

        if (name == "in")
        {
            throw Unexpected(Expected);
        }

        Advance();
        if (Reserved.Contains(name))
        {
            throw new SyntaxException(at, $"reserved identifier: {name}");
        }

        if (!token.Is("("))
        {
            return new IdentExpr(at, root + name);
        }

        var open = Advance();
        var arguments = Arguments(")");
        return Macros.Global(open, name, arguments) ?? new CallExpr(open, name, null, arguments);
    }

    private static CelValue? Keyword(string name) => name switch
    {
        "true" => CelValue.True,
        "false" => CelValue.False,
        "null" => CelValue.Null,
        _ => null,
    };

    /// <summary>The dotted name that an expression spells, or null.</summary>
    internal static string? NameOf(Expr expr) => expr switch
    {
        IdentExpr ident => ident.Name,
        SelectExpr { Test: false, Optional: false } select when NameOf(select.Operand) is { } outer => $"{outer}.{select.Field}",
        _ => null,
    };
}
