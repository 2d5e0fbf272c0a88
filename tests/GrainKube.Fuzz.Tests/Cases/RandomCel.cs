namespace GrainKube.Fuzz.Tests.Cases;

/// <summary>CEL programs: mostly well formed, seldom sensible.</summary>
internal sealed class RandomCel(FuzzRandom random)
{
    private static readonly string[] Atoms =
    [
        "self", "oldSelf", "object", "oldObject", "request", "params", "variables", "authorizer", "namespaceObject", "object.metadata", "object.metadata.name", "object.metadata.labels", "self.metadata", "self.spec", "request.userInfo",
        "true", "false", "null", "0", "1", "-1", "2u", "1.5", "1e400", "9223372036854775807", "-9223372036854775808", "18446744073709551615u", "0x7f", "\"\"", "\"a\"", "'b'", "b\"\\xff\"", "r\"\\d+\"", "\"\"\"x\ny\"\"\"",
        "[]", "[1, 2, 3]", "['a', 1, null]", "{}", "{'a': 1}", "{1: 2, 'x': []}", "int", "type", "duration('1h')", "timestamp('2024-01-01T00:00:00Z')", "quantity('1Gi')", "ip('1.1.1.1')", "cidr('10.0.0.0/8')",
        "url('http://a/b?c=d')", "semver('1.2.3')", "format.named('dns1123Label')", "optional.none()", "optional.of(1)", "dyn([1])", "google.protobuf.Duration{seconds: 1}", "x",
    ];

    private static readonly string[] Binary = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "in"];

    private static readonly string[] Calls =
    [
        "size", "int", "uint", "double", "string", "bytes", "bool", "type", "duration", "timestamp", "dyn", "has", "quantity", "isQuantity", "ip", "isIP", "cidr", "url", "isURL", "semver", "isSemver", "matches", "startsWith", "contains",
    ];

    private static readonly string[] Methods =
    [
        "size", "startsWith", "endsWith", "contains", "matches", "find", "findAll", "split", "join", "replace", "substring", "lowerAscii", "upperAscii", "trim", "charAt", "indexOf", "lastIndexOf", "reverse", "format", "sum", "min", "max",
        "isSorted", "flatten", "slice", "sort", "distinct", "getFullYear", "getHours", "getMilliseconds", "add", "sub", "isGreaterThan", "compareTo", "asInteger", "asApproximateFloat", "sign", "family", "containsIP", "containsCIDR", "prefixLength", "masked",
        "getHost", "getQuery", "path", "group", "resource", "check", "allowed", "reason", "validate", "hasValue", "value", "orValue", "major", "isLessThan", "base64", "nothing",
    ];

    private static readonly string[] Macros = ["all", "exists", "exists_one", "filter", "map", "transformList", "transformMap", "existsOne", "optMap"];

    private static readonly string[] Tokens = ["(", ")", "[", "]", "{", "}", ".", ",", "?", ":", "\"", "'", "\\", "&", "|", "!", "=", "u", "e", "//", "\n", "\0", "..", "[?", ".?", "\ud800", "`", "#", "$", "@", ";"];

    public string Next()
    {
        if (random.Chance(0.02))
        {
            var depth = random.Below(4000);
            return random.Pick(new string('(', depth) + "1" + new string(')', depth), new string('!', depth) + "true", new string('[', depth), string.Join(" + ", Enumerable.Repeat("1", depth)),
                string.Concat(Enumerable.Repeat("x.", depth)) + "y", string.Concat(Enumerable.Repeat("true ? 1 : ", depth)) + "0", "[1,2,3,4,5,6,7,8].map(a, [1,2,3,4,5,6,7,8].map(b, [1,2,3,4,5,6,7,8].map(c, [1,2,3,4,5,6,7,8].map(d, 'x' + string(a)))))");
        }

        var made = Expression(0);
        if (random.Chance(0.25))
        {
            var at = random.Below(made.Length + 1);
            made = random.Chance(0.5) ? made.Insert(at, random.Chance(0.7) ? random.PickFrom(Tokens) : random.Text()) : made[..at];
        }

        return made;
    }

    private string Expression(int depth) => depth > 4 ? random.PickFrom(Atoms) : random.Below(13) switch
    {
        0 or 1 => random.PickFrom(Atoms),
        2 or 3 => $"{Expression(depth + 1)} {random.PickFrom(Binary)} {Expression(depth + 1)}",
        4 => $"({Expression(depth + 1)})",
        5 => $"{random.Pick("!", "-")}{Expression(depth + 1)}",
        6 => $"{Expression(depth + 1)} ? {Expression(depth + 1)} : {Expression(depth + 1)}",
        7 => $"{random.PickFrom(Calls)}({Arguments(depth)})",
        8 or 9 => $"{Expression(depth + 1)}.{random.PickFrom(Methods)}({Arguments(depth)})",
        10 => $"{Expression(depth + 1)}.{random.PickFrom(Macros)}(x, {Expression(depth + 1)})",
        11 => $"{Expression(depth + 1)}[{(random.Chance(0.1) ? "?" : "")}{Expression(depth + 1)}]",
        _ => $"{Expression(depth + 1)}.{(random.Chance(0.1) ? "?" : "")}{random.Pick("metadata", "name", "spec", "labels", "data", "a", "x", "in", "namespace")}",
    };

    private string Arguments(int depth) => string.Join(", ", Enumerable.Range(0, random.Below(3)).Select(_ => Expression(depth + 1)));
}
