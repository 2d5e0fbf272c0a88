using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Rules;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Tests.Cel;

public sealed class CompiledRuleTests
{
    private static readonly Schema Schema = new()
    {
        Type = SchemaType.Object,
        Properties = new Dictionary<string, Schema>
        {
            ["replicas"] = new() { Type = SchemaType.Integer },
            ["max"] = new() { Type = SchemaType.Integer },
            ["since"] = new() { Type = SchemaType.String, Format = "date-time" },
            ["a-b"] = new() { Type = SchemaType.String },
            ["set"] = new() { Type = SchemaType.Array, ListType = ListType.Set, Items = new() { Type = SchemaType.String } },
            ["labels"] = new() { Type = SchemaType.Object, AdditionalProperties = new() { Type = SchemaType.String } },
        },
    };

    [Theory]
    [InlineData("self.replicas <= self.max", true)]
    [InlineData("self.replicas > self.max", false)]
    [InlineData("self.since < timestamp('2030-01-01T00:00:00Z')", true)]
    [InlineData("self.a__dash__b == 'x'", true)]
    [InlineData("has(self.labels) && self.labels.all(k, k.startsWith('l'))", true)]
    [InlineData("self.set == ['b', 'a']", true)]
    [InlineData("self.set + ['a', 'c'] == ['a', 'b', 'c']", true)]
    public void A_rule_sees_the_object_by_its_schema(string rule, bool holds)
    {
        var violation = Compile(new ValidationRule { Rule = rule }).Validate(Item(), null, new CelBudget(CelBudget.PerObject));
        Assert.Equal(holds ? null : $"failed rule: {rule}", violation?.Message);
    }

    [Theory]
    [InlineData("self.nothing > 1")]
    [InlineData("self.replicas > 'x'")]
    [InlineData("self.replicas + 1")]
    public void A_rule_that_cannot_be_is_refused(string rule) => Assert.Throws<CelCompileException>(() => Compile(new ValidationRule { Rule = rule }));

    [Fact]
    public void A_transition_rule_waits_for_something_to_compare_with()
    {
        var rule = Compile(new ValidationRule { Rule = "self.replicas >= oldSelf.replicas", MessageExpression = "'was ' + string(oldSelf.replicas)" });
        Assert.True(rule.IsTransition);
        Assert.Null(rule.Validate(Item(), null, new CelBudget(CelBudget.PerObject)));
        Assert.Equal("was 9", rule.Validate(Item(), Item(9), new CelBudget(CelBudget.PerObject))?.Message);
    }

    [Fact]
    public void An_optional_old_self_is_asked_on_create_too()
    {
        var rule = Compile(new ValidationRule { Rule = "oldSelf.hasValue() || self.replicas == 2", OptionalOldSelf = true });
        Assert.Null(rule.Validate(Item(), null, new CelBudget(CelBudget.PerObject)));
        Assert.NotNull(rule.Validate(Item(3), null, new CelBudget(CelBudget.PerObject)));
    }

    private static CompiledRule Compile(ValidationRule rule) => CompiledRule.Compile(rule, Schema, isRoot: false);

    private static JsonNode Item(int replicas = 2) => JsonNode.Parse(
        $$"""{"replicas": {{replicas}}, "max": 3, "since": "2024-01-01T00:00:00Z", "a-b": "x", "set": ["a", "b"], "labels": {"l1": "v"} }""")!;
}
