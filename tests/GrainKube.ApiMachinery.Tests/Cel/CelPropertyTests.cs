using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Rules;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Tests.Cel;

public sealed class CelPropertyTests
{
    private static readonly CelEnvironment Environment = new([new("x", CelType.Dyn), new("names", CelType.ListOf(CelType.String))]);

    private static readonly string[] Pieces =
    [
        "x", "names", "1", "-1", "2u", "1.5", "'a'", "b'b'", "true", "null", "[", "]", "{", "}", "(", ")", ".", ",", ":", "?", "+", "-", "*", "/", "%", "!", "&&", "||", "==", "!=", "<", ">=", "in",
        ".map(i, ", ".all(i, ", ".filter(i, i)", ".exists(i, v, ", "has(x.y)", "i", ".size()", "size(", ".matches('[a-z]+')", "duration('1h')", "timestamp('2024-01-01T00:00:00Z')", ".?", "[?", "optional.of(",
        ".split('')", ".join()", ".replace('', 'aa')", "quantity('1')", "ip('::1')", "type(", "string(", "int(", ".format([1])", "9223372036854775807", "\"", "`a`", "😀", ".flatten()", "lists.range(",
    ];

    [Fact]
    public void Arithmetic_is_that_of_checked_64_bit_numbers() => Gen.Select(Gen.Long, Gen.Long, Gen.Int[0, 4].Select(i => "+-*/%".Substring(i, 1))).Sample((a, b, op) =>
    {
        var value = Evaluate($"({a.ToString(CultureInfo.InvariantCulture)}) {op} ({b.ToString(CultureInfo.InvariantCulture)})");
        long expected;
        try
        {
            expected = checked(op switch { "+" => a + b, "-" => a - b, "*" => a * b, "/" => a / b, _ => a % b });
        }
        catch (ArithmeticException)
        {
            Assert.True(value.IsError);
            return;
        }

        Assert.Equal(expected, value.AsInt);
    });

    [Fact]
    public void A_text_written_as_a_literal_reads_back() =>
        Gen.String.Where(s => !s.Any(char.IsSurrogate)).Sample(text => Assert.Equal(text, Evaluate(CelValue.Of(text).ToString()).AsString));

    [Fact]
    public void A_double_written_as_text_reads_back() => Gen.Double.Where(double.IsFinite).Sample(number => Assert.Equal(number, Evaluate("double(string(x))", CelValue.Of(number)).AsDouble));

    [Fact]
    public void No_program_crashes_or_hangs() => Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).List[0, 14].Sample(
        pieces =>
        {
            var text = string.Concat(pieces);
            try
            {
                Evaluate(text);
            }
            catch (CelCompileException)
            {
                // Most are none.
            }
        },
        iter: 20_000);

    [Fact]
    public void Every_rule_that_compiles_can_be_estimated() => Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).List[0, 14].Sample(
        pieces =>
        {
            var rule = string.Concat(pieces).Replace("names", "self.names", StringComparison.Ordinal).Replace("x", "self", StringComparison.Ordinal);
            var schema = (JsonObject)JsonNode.Parse("""{"type":"object","properties":{"names":{"type":"array","items":{"type":"string"}},"y":{"type":"integer"}}}""")!;
            schema["x-kubernetes-validations"] = new JsonArray(new JsonObject { ["rule"] = $"({rule}) == ({rule})", ["messageExpression"] = $"string({rule})" });
            var errors = new FieldErrors();
            Assert.True(CelRules.Check(schema, isWhole: false, errors).Count + errors.All.Count >= 1);
        },
        iter: 5_000);

    [Theory]
    [InlineData("(", 60_000)]
    [InlineData("!x&&", 20_000)]
    [InlineData("1+", 40_000)]
    [InlineData("x.y", 30_000)]
    [InlineData("[", 90_000)]
    [InlineData("x[0]", 20_000)]
    [InlineData("-!", 40_000)]
    [InlineData("true?", 15_000)]
    public void Depth_does_not_end_the_process(string piece, int times)
    {
        var text = string.Concat(Enumerable.Repeat(piece, times)) + "x";
        try
        {
            Evaluate(text);
        }
        catch (CelCompileException wrong)
        {
            Assert.NotEmpty(wrong.Issues);
        }
    }

    private static CelValue Evaluate(string text, CelValue? x = null) => CelProgram.Compile(text, Environment).Evaluate(
        Environment.Bind().Set("x", x ?? CelValue.Of([CelValue.Of(1), CelValue.Of("a")])).Set("names", CelValue.Of([CelValue.Of("a"), CelValue.Of("b")])),
        new CelBudget(CelBudget.PerObject));
}
