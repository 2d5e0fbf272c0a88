using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas.Values;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Tests.Schemas.Values;

public sealed class ValueSchemaTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "\"x\"", "a: Invalid value: \"string\": a in body must be of type integer: \"string\"")]
    [InlineData("""{"type":"integer"}""", "1.5", "a: Invalid value: \"number\": a in body must be of type integer: \"number\"")]
    [InlineData("""{"type":"string"}""", "null", "a: Invalid value: \"null\": a in body must be of type string: \"null\"")]
    [InlineData("""{"type":"number","minimum":0.5,"exclusiveMinimum":true}""", "0.5", "a: Invalid value: 0.5: a in body should be greater than 0.5")]
    [InlineData("""{"type":"integer","multipleOf":3}""", "4", "a: Invalid value: 4: a in body should be a multiple of 3")]
    [InlineData("""{"type":"string","minLength":2}""", "\"x\"", "a: Invalid value: \"x\": a in body should be at least 2 chars long")]
    [InlineData("""{"type":"string","format":"ipv4"}""", "\"x\"", "a: Invalid value: \"x\": a in body must be of type ipv4: \"x\"")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"maxItems":1}""", "[1,2]", "a: Too many: 2: must have at most 1 item")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":1}""", "[]", "a: Invalid value: 0: a in body should have at least 1 items")]
    [InlineData("""{"type":"array","items":{"type":"string"},"x-kubernetes-list-type":"set"}""", "[\"x\",\"x\"]", "a[1]: Duplicate value: \"x\"")]
    [InlineData("""{"type":"object","properties":{"b":{"type":"string"}},"required":["b"]}""", "{}", "a.b: Required value")]
    [InlineData("""{"type":"object","x-kubernetes-embedded-resource":true,"properties":{"kind":{"type":"string"}}}""", """{"kind":"K"}""", "a.apiVersion: Required value: must not be empty")]
    [InlineData("""{"type":"string","not":{"enum":["x"]}}""", "\"x\"", "<nil>: Invalid value: \"\": \"a\" must not validate the schema (not)")]
    [InlineData("""{"type":"integer","oneOf":[{"minimum":1},{"minimum":2}]}""", "3", "<nil>: Invalid value: \"\": \"a\" must validate one and only one schema (oneOf). Found 2 valid alternatives")]
    public void What_is_wrong_is_said_in_upstreams_words(string schema, string value, string expected) => Assert.Equal(expected, Assert.Single(Check(schema, value)));

    [Theory]
    [InlineData("""{"type":"string","nullable":true}""", "null")]
    [InlineData("""{"type":"number"}""", "1")]
    [InlineData("""{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}]}""", "\"80\"")]
    [InlineData("""{"type":"string","format":"date-time"}""", "\"2026-01-01T00:00:00Z\"")]
    [InlineData("""{"type":"string","format":"some-remark"}""", "\"x\"")]
    [InlineData("""{"type":"integer"}""", "1.0")]
    public void What_is_right_passes(string schema, string value) => Assert.Empty(Check(schema, value));

    [Fact]
    public void The_nearest_alternative_says_what_it_misses() => Assert.Equal(
        ["<nil>: Invalid value: \"\": \"a\" must validate at least one schema (anyOf)", "a.x: Required value"],
        Check("""{"type":"object","properties":{"x":{"type":"string"},"y":{"type":"string"}},"anyOf":[{"required":["x"]},{"required":["x","y"]}]}""", "{}"));

    [Fact]
    public void What_stood_there_before_is_not_complained_of()
    {
        Assert.Empty(Check("""{"type":"integer","maximum":1}""", "5", "5"));
        Assert.Single(Check("""{"type":"integer","maximum":1}""", "6", "5"));
        Assert.Empty(Check(
            """{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","properties":{"k":{"type":"string"},"n":{"type":"integer","maximum":1}}}}""",
            """[{"k":"b","n":1},{"k":"a","n":5}]""",
            """[{"k":"a","n":5}]"""));
    }

    [Fact]
    public void Rules_see_new_and_old_values_where_nothing_else_is_wrong()
    {
        var seen = new List<string>();
        var schema = ValueSchema.Of((JsonObject)JsonNode.Parse("""{"type":"object","properties":{"a":{"type":"integer","maximum":9,"x-kubernetes-validations":[{"rule":"self >= oldSelf"}]}}}""")!, new Compiler(seen));

        schema.Validate(new JsonObject { ["a"] = 2 }, new JsonObject { ["a"] = 3 }, new FieldErrors());
        schema.Validate(new JsonObject { ["a"] = 10 }, null, new FieldErrors());

        Assert.Equal(["a: 2 was 3"], seen);
    }

    private static List<string> Check(string schema, string value, string? old = null)
    {
        var errors = new FieldErrors();
        var whole = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["a"] = JsonNode.Parse(schema) } };
        ValueSchema.Of(whole).Validate(new JsonObject { ["a"] = JsonNode.Parse(value) }, old is null ? null : new JsonObject { ["a"] = JsonNode.Parse(old) }, errors);
        return [.. errors.All.Select(e => e.ToString())];
    }

    private sealed class Compiler(List<string> seen) : IValueRulesCompiler
    {
        public IValueRules Compile(JsonObject schema, bool isWhole) => new Rules(seen);
    }

    private sealed class Rules(List<string> seen) : IValueRules
    {
        public void Check(JsonNode value, JsonNode? old, FieldErrors at) => seen.Add($"{at.Path}: {value} was {old}");
    }
}
