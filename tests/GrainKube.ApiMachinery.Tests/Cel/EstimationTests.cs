using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel.Rules;
using GrainKube.ApiMachinery.Validation;
using GrainKube.ApiMachinery.Yaml;

namespace GrainKube.ApiMachinery.Tests.Cel;

/// <summary>The numbers are what cel-go's estimate gives under Kubernetes' prices.</summary>
public sealed class EstimationTests
{
    private const string Numbers = "{ type: array, items: { type: number } }";
    private const string Texts = "{ type: array, items: { type: string } }";
    private const string Pair = "{ type: object, properties: { a: { type: string }, b: { type: string }, n: { type: integer }, t: { type: string, format: date-time }, x: { type: string, format: byte } } }";

    [Theory]
    [InlineData(Numbers, "self.all(x, true)", 4718591)]
    [InlineData("{ type: array, items: { type: number }, maxItems: 10 }", "self.all(x, true)", 32)]
    [InlineData("{ type: array, items: { type: boolean }, maxItems: 5 }", "self.all(x, true)", 17)]
    [InlineData("{ type: array, items: { type: string } }", "self.all(x, true)", 3145727)]
    [InlineData("{ type: array, items: { type: array, items: { type: number } } }", "self.all(x, true)", 3145727)]
    [InlineData("{ type: array, items: { type: string, format: date-time } }", "self.all(x, true)", 428963)]
    [InlineData("{ type: array, items: { type: object, properties: { r: { type: string } } } }", "self.exists(x, true)", 4194302)]
    [InlineData("{ type: object, additionalProperties: { type: number } }", "self.all(x, true)", 1348169)]
    [InlineData("{ type: object, additionalProperties: { type: string, format: date } }", "self.all(x, true)", 524288)]
    [InlineData("{ type: object, additionalProperties: { type: number } }", "has(self.x)", 1)]
    [InlineData("{ type: array, items: { type: number }, maxItems: 10 }", "self.all(x, self.all(y, true))", 352)]
    [InlineData("{ type: array, items: { type: number }, maxItems: 10 }", "self.all(x, self.all(y, self.all(z, true)))", 3552)]
    [InlineData("{ type: array, items: { type: number }, maxItems: 6291456 }", "self.all(x, x == 0.0)", 25165826)]
    [InlineData(Texts, "self[1] == self[1]", 314577)]
    [InlineData(Numbers, "self[1] == 0.0", 2)]
    [InlineData("{ type: array, items: { type: string, format: duration } }", "self[0].getHours() == 2", 4)]
    [InlineData("{ type: object, additionalProperties: { type: string, format: date-time } }", "self['a'] == self['b']", 8)]
    [InlineData("{ type: object, additionalProperties: { type: integer } }", "oldSelf.size() == self.size()", 5)]
    public void What_is_walked_over_counts_as_often_as_it_fits(string schema, string rule, ulong cost) => Assert.Equal(cost, Estimate(schema, rule).Rule);

    [Theory]
    [InlineData("{ type: string }", "self.contains('test')", 314574)]
    [InlineData("{ type: string, maxLength: 10 }", "self.contains('test')", 5)]
    [InlineData("{ type: string }", "self.startsWith('test')", 2)]
    [InlineData("{ type: string }", "size(self + 'hello') > size('hello')", 314578)]
    [InlineData("{ type: string }", "self.matches('x')", 314574)]
    [InlineData("{ type: string }", "''.matches('(((((((((())))))))))[0-9]')", 7)]
    [InlineData("{ type: string, maxLength: 0 }", "self == 'x'", 1)]
    [InlineData("{ type: string }", "self.find('[0-9]+') == ''", 629147)]
    [InlineData("{ type: string, maxLength: 10 }", "self.lowerAscii() == 'lower!'", 6)]
    [InlineData("{ type: string, enum: [A, B, LongValue] }", "self.contains('A')", 2)]
    [InlineData("{ type: string, enum: [A], maxLength: 1000 }", "self.contains('A')", 401)]
    [InlineData("{ x-kubernetes-int-or-string: true }", "isQuantity(self)", 314574)]
    [InlineData("{ type: array, items: { type: string } }", "self.join(' ') == 'aa bb'", 329853068905)]
    [InlineData("{ type: array, maxItems: 10, items: { type: string, maxLength: 10 } }", "self.join(' ') == 'aa bb'", 43)]
    [InlineData("{ type: array, maxItems: 10, items: { type: string, maxLength: 10 } }", "self.isSorted() == true", 52)]
    [InlineData(Pair, "self.a.split(self.b) == []", 629160)]
    [InlineData(Pair, "string(self.n) == self.a", 314578)]
    [InlineData(Pair, "bytes(self.a) == self.x", 629150)]
    [InlineData(Pair, "timestamp(self.a) == self.t", 6)]
    [InlineData(Pair, "type(self.n) == int", 4)]
    public void Texts_count_by_their_length(string schema, string rule, ulong cost) => Assert.Equal(cost, Estimate(schema, rule).Rule);

    [Theory]
    [InlineData("optional.of('a').or(optional.of('a')).hasValue()", 4)]
    [InlineData("optional.of('a').optMap(v, v == 'value').hasValue()", 18)]
    [InlineData("optional.of([1, 2, 3, 4, 5]).optMap(v, v.size()).hasValue()", 38)]
    [InlineData("self.?a.orValue('v') == 'a'", 4)]
    [InlineData("self.?a == optional.of('a')", 1844674407370955267)]
    [InlineData("quantity('200M') == quantity('0.2G')", 3)]
    [InlineData("quantity('50M').isLessThan(quantity('100M'))", 3)]
    [InlineData("quantity(self.a).isInteger()", 314576)]
    [InlineData("[1, 2, 3].map(x, x * 2).filter(x, x > 1).size() == 3", 121)]
    [InlineData("sets.contains([1, 2], [1])", 23)]
    [InlineData("[4, 3, 2, 1].sort() == [1, 2, 3, 4]", 64)]
    [InlineData("[1, 2, 3].exists_one(x, x == 2)", 21)]
    [InlineData("{'a': 1}.transformMap(k, v, v + 1) == {}", 96)]
    [InlineData("self.n > 1 ? self.a == 'x' : self.b.contains('y')", 314578)]
    public void What_an_expression_makes_itself_is_known(string rule, ulong cost) => Assert.Equal(cost, Estimate(Pair, rule).Rule);

    [Fact]
    public void The_name_of_a_whole_object_is_short()
    {
        var estimate = Estimate("{ type: object }", "self.metadata.name.contains('x')", isWhole: true);
        Assert.Equal(105u, estimate.Rule);
    }

    [Fact]
    public void A_value_of_an_unbounded_list_is_as_often_there_as_fits_into_a_request()
    {
        var estimate = Estimate("{ type: object, required: [name], properties: { name: { type: string }, more: { type: string } } }", "self.name == 'x'");
        Assert.Equal(3145728u / 13, estimate.MostOften);
        Assert.Equal(estimate.Rule * 7, estimate.Total(7));
        Assert.Equal(estimate.Rule * estimate.MostOften, estimate.Total(null));
        Assert.Equal(ulong.MaxValue, (estimate with { Rule = ulong.MaxValue / 2 }).Total(3));
    }

    private static RuleEstimate Estimate(string schema, string rule, bool isWhole = false)
    {
        var place = (JsonObject)JsonNode.Parse(YamlJson.Convert(Encoding.UTF8.GetBytes(schema)))!;
        place["x-kubernetes-validations"] = new JsonArray(new JsonObject { ["rule"] = rule });
        var errors = new FieldErrors();
        var estimates = CelRules.Check(place, isWhole, errors);
        Assert.Equal("", string.Join("\n", errors.All));
        return Assert.Single(estimates);
    }
}
