using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Tests.Cel;

public sealed class CelLanguageTests
{
    private static readonly CelEnvironment Environment = new(
    [
        new("object", CelType.Dyn),
        new("n", CelType.Int),
        new("s", CelType.String),
        new("names", CelType.ListOf(CelType.String)),
    ]);

    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("-7 / 2", "-3")]
    [InlineData("-7 % 3", "-1")]
    [InlineData("- -1", "1")]
    [InlineData("0x10 + 1", "17")]
    [InlineData("5u - 3u", "2u")]
    [InlineData("1.5 + 1.5", "3.0")]
    [InlineData("2 > 1.5 && 2u < 2.5", "true")]
    [InlineData("9223372036854775807 > 9223372036854775806.0", "false")]
    [InlineData("1 == dyn(1.0)", "true")]
    [InlineData("'a' + \"b\" + r'\\n' + '''c'''", "\"ab\\\\nc\"")]
    [InlineData("b'abc' == b'\\x61bc'", "true")]
    [InlineData("'\\u00e9'.size() + size('😀')", "2")]
    [InlineData("[1, 2] + [3]", "[1, 2, 3]")]
    [InlineData("{'a': 1}['a']", "1")]
    [InlineData("2 in [1, 2] && 'a' in {'a': 1}", "true")]
    [InlineData("true ? 1 : 2", "1")]
    [InlineData("true || 1 / 0 == 1", "true")]
    [InlineData("1 / 0 == 1 || true", "true")]
    [InlineData("!(1 / 0 == 1 && false)", "true")]
    [InlineData("[1, 2, 3].all(x, x > 0) && [1, 2].exists(x, x == 2) && [1, 2, 2].exists_one(x, x == 1)", "true")]
    [InlineData("['c', 'a', 'b'].sortBy(e, e == 'c' ? '' : e) == ['c', 'a', 'b'] && [-3, 1, -5].sortBy(e, -(e * e)) == [-5, -3, 1]", "true")]
    [InlineData("[{'n': 2, 'i': 0}, {'n': 1, 'i': 1}, {'n': 1, 'i': 2}].sortBy(e, e.n).map(e, e.i) == [1, 2, 0] && [].sortBy(e, e) == []", "true")]
    [InlineData("[1, 2, 3].filter(x, x > 1).map(x, x * 2)", "[4, 6]")]
    [InlineData("[1, 2, 3].map(x, x > 1, x * 2)", "[4, 6]")]
    [InlineData("['a', 'b'].transformList(i, v, v + string(i))", "[\"a0\", \"b1\"]")]
    [InlineData("{'a': 1}.transformMap(k, v, v + 1)", "{\"a\": 2}")]
    [InlineData("[1, 2].all(i, v, v == i + 1)", "true")]
    [InlineData("type(1) == int && type('') == string && type([]) == list && type(type) == type", "true")]
    [InlineData("int('42') + int(3.9) + int(2u)", "47")]
    [InlineData("string(1.0) + string(true) + string(3u) + string(1e21)", "\"1true31e+21\"")]
    [InlineData("duration('1h30m') - duration('90m')", "duration(\"0s\")")]
    [InlineData("timestamp('2024-02-29T12:00:00Z') + duration('24h')", "timestamp(\"2024-03-01T12:00:00Z\")")]
    [InlineData("timestamp('2024-02-29T23:30:00Z').getHours('+01:00')", "0")]
    [InlineData("timestamp('2024-02-29T12:00:00Z').getDayOfYear()", "59")]
    [InlineData("duration('1.5s').getMilliseconds()", "1500")]
    [InlineData("'hello'.matches('^h.*o$') && matches('x', '[[:alpha:]]')", "true")]
    [InlineData("'a,b,c'.split(',').join('-')", "\"a-b-c\"")]
    [InlineData("'tacocat'.indexOf('c', 3) + 'tacocat'.lastIndexOf('t')", "10")]
    [InlineData("'hello'.substring(1, 3).upperAscii() + 'X'.lowerAscii() + 'abc'.charAt(1)", "\"ELxb\"")]
    [InlineData("'aaa'.replace('a', 'b', 2) + ' x '.trim()", "\"bbax\"")]
    [InlineData("'%s is %d, %.2f, %x'.format(['n', dyn(3), dyn(1.5), dyn(255)])", "\"n is 3, 1.50, ff\"")]
    [InlineData("[3, 1, 2].max() + [3, 1, 2].min() + [1, 2].sum() + [1, 2].indexOf(2)", "8")]
    [InlineData("[1, 2, 3].isSorted() && !['b', 'a'].isSorted()", "true")]
    [InlineData("'abc 123'.find('[0-9]+') + string('a1b2'.findAll('[0-9]').size())", "\"1232\"")]
    [InlineData("url('https://example.com:80/a?k=v').getHostname() + url('/x?q=1&q=2').getQuery()['q'][1]", "\"example.com2\"")]
    [InlineData("quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('1500m').add(quantity('500m')).asInteger() == 2", "true")]
    [InlineData("ip('10.0.0.1').family() == 4 && !isIP('10.0.0.01') && ip.isCanonical('::1')", "true")]
    [InlineData("cidr('10.0.0.0/8').containsIP('10.2.3.4') && cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", "true")]
    [InlineData("string(cidr('10.1.2.3/8').masked())", "\"10.0.0.0/8\"")]
    [InlineData("semver('1.2.3').isLessThan(semver('1.10.0')) && isSemver('v1.0', true)", "true")]
    [InlineData("format.dns1123Label().validate('UPPER').hasValue() && !format.named('uuid').value().validate('123e4567-e89b-12d3-a456-426614174000').hasValue()", "true")]
    [InlineData("sets.contains([1, 2, 3], [1]) && sets.equivalent([1, 2], [2, 1, 1]) && !sets.intersects([1], [2])", "true")]
    [InlineData("object.?missing.orValue(3) + object[?'count'].orValue(0)", "8")]
    [InlineData("optional.of(2).optMap(x, x + 1).value()", "3")]
    [InlineData("[1, ?optional.none(), ?optional.of(2)]", "[1, 2]")]
    [InlineData("{?'a': optional.none(), 'b': 1}", "{\"b\": 1}")]
    [InlineData("has(object.count) && !has(object.missing) && has(object.spec.list)", "true")]
    [InlineData("object.spec.list[1] + object.count", "7")]
    [InlineData("object.spec.list.map(object, object + 1)", "[2, 3]")]
    [InlineData("object.spec.map(k, k)", "[\"list\"]")]
    [InlineData("names.exists(x, x.startsWith('a')) // a comment", "true")]
    public void An_expression_has_its_value(string expression, string expected) => Assert.Equal(expected, Evaluate(expression).ToString());

    [Theory]
    [InlineData("object.missing", "no such key: missing")]
    [InlineData("object['x']", "no such key: x")]
    [InlineData("{1: 2}[3]", "no such key: 3")]
    [InlineData("[1][5]", "index out of bounds: 5")]
    [InlineData("1 / 0", "division by zero")]
    [InlineData("1 % 0", "modulus by zero")]
    [InlineData("9223372036854775807 + 1", "integer overflow")]
    [InlineData("0u - 1u", "unsigned integer overflow")]
    [InlineData("object.count + 'x'", "no such overload")]
    [InlineData("object.count > 'x'", "no such overload")]
    [InlineData("object.count.startsWith('x')", "no such overload")]
    [InlineData("object.count ? 1 : 2", "no such overload")]
    [InlineData("{'a': 1, 'a': 2}", "Failed with repeated key: a")]
    [InlineData("optional.none().value()", "optional.none() dereference")]
    [InlineData("names.map(a, names.map(b, names.map(c, [a, b, c].map(d, names.map(e, names.map(f, names.map(g, g))))))).size() > 0", "operation cancelled: actual cost limit exceeded")]
    public void An_expression_fails_as_upstream_says(string expression, string message)
    {
        var value = Evaluate(expression);
        Assert.True(value.IsError, value.ToString());
        Assert.Equal(message, value.AsError.Message);
    }

    [Theory]
    [InlineData("foo", "ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo\n | ^")]
    [InlineData("n > '1'", "ERROR: <input>:1:3: found no matching overload for '_>_' applied to '(int, string)'\n | n > '1'\n | ..^")]
    [InlineData("s.foo()", "ERROR: <input>:1:6: undeclared reference to 'foo' (in container '')\n | s.foo()\n | .....^")]
    [InlineData("s.size(1)", "ERROR: <input>:1:7: found no matching overload for 'size' applied to 'string.(int)'\n | s.size(1)\n | ......^")]
    [InlineData("n.x", "ERROR: <input>:1:2: type 'int' does not support field selection\n | n.x\n | .^")]
    [InlineData("n && true", "ERROR: <input>:1:1: expected type 'bool' but found 'int'\n | n && true\n | ^")]
    [InlineData("[1, 'a']", "ERROR: <input>:1:5: expected type 'int' but found 'string'\n | [1, 'a']\n | ....^")]
    [InlineData("n.all(x, true)", "ERROR: <input>:1:1: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)\n | n.all(x, true)\n | ^")]
    [InlineData("has(n)", "ERROR: <input>:1:5: invalid argument to has() macro\n | has(n)\n | ....^")]
    [InlineData("duration('x') == duration('1s')", "ERROR: <input>:1:10: invalid duration argument\n | duration('x') == duration('1s')\n | .........^")]
    public void What_cannot_be_is_refused_with_its_place(string expression, string message) =>
        Assert.Equal(message, Assert.Throws<CelCompileException>(() => CelProgram.Compile(expression, Environment)).Message);

    [Theory]
    [InlineData("1 +")]
    [InlineData("(1")]
    [InlineData("'a")]
    [InlineData("1 2")]
    [InlineData("a.")]
    [InlineData("#")]
    [InlineData("for")]
    [InlineData("[1,,2]")]
    [InlineData("99999999999999999999")]
    [InlineData("")]
    public void What_is_no_expression_is_refused(string text) => Assert.Throws<CelCompileException>(() => CelProgram.Compile(text, Environment));

    private static CelValue Evaluate(string expression)
    {
        var bindings = Environment.Bind()
            .Set("object", CelJson.Read(JsonNode.Parse("""{"count": 5, "spec": {"list": [1, 2]}}""")))
            .Set("n", CelValue.Of(1))
            .Set("s", CelValue.Of("text"))
            .Set("names", CelValue.Of([.. Enumerable.Range(0, 12).Select(i => CelValue.Of("a" + i))]));
        return CelProgram.Compile(expression, Environment).Evaluate(bindings, new CelBudget(CelBudget.PerObject));
    }
}
