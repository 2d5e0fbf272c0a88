using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.CustomResources;

[Collection(ApiCollection.Name)]
public sealed class RuleTests(ApiWorld world)
{
    private const string Ruled =
        "{ type: object, properties: { spec: { type: object, properties: { least: { type: integer }, most: { type: integer }, fixed: { type: string, x-kubernetes-validations: [{ rule: 'self == oldSelf', message: it stays }] } }, "
        + "x-kubernetes-validations: [{ rule: 'self.least <= self.most', messageExpression: '\"least is %d\".format([self.least])', fieldPath: .least, reason: FieldValueForbidden }] } } }";

    [Fact]
    public async Task Rules_decide_about_values_and_about_changes()
    {
        var path = await FooAsync(Ruled);

        var (code, refused) = await world.SendAsync("POST", path, Foo(path, """{"least":3,"most":2,"fixed":"a"}"""));
        Assert.Equal(422, code);
        Assert.Contains("spec.least: Forbidden: least is 3", (string)refused["message"]!, StringComparison.Ordinal);
        var made = await world.CreateAsync(path, Foo(path, """{"least":1,"most":2,"fixed":"a"}"""));
        made["spec"]!["fixed"] = "b";
        (code, refused) = await world.SendAsync("PUT", $"{path}/it", made.ToJsonString());
        Assert.Equal(422, code);
        Assert.Contains("spec.fixed: Invalid value: \"string\": it stays", (string)refused["message"]!, StringComparison.Ordinal);
        made["spec"]!["fixed"] = "a";
        made["spec"]!["most"] = 9;
        (code, _) = await world.SendAsync("PUT", $"{path}/it", made.ToJsonString());
        Assert.Equal(200, code);
    }

    [Theory]
    [InlineData("self.nothing == 1", "undefined field 'nothing'")]
    [InlineData("self.least +", "Syntax error")]
    [InlineData("1 + 1", "must evaluate to a bool")]
    public async Task A_rule_that_is_none_is_refused_with_its_definition(string rule, string complaint)
    {
        var crd = Crd.Foo(Crd.Group(), "{ type: object, properties: { least: { type: integer } }, x-kubernetes-validations: [{ rule: '" + rule + "' }] }", "");

        var (code, refused) = await world.SendAsync("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd.ToJsonString());

        Assert.Equal(422, code);
        Assert.Contains("x-kubernetes-validations[0].rule: Invalid value", (string)refused["message"]!, StringComparison.Ordinal);
        Assert.Contains(complaint, (string)refused["message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ type: array, items: { type: integer }, x-kubernetes-validations: [{ rule: 'self.all(a, self.all(b, a == b))' }] }", "x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)")]
    [InlineData("{ type: array, maxItems: 3000, items: { type: integer }, x-kubernetes-validations: [{ rule: 'self.all(a, self.all(b, a == b))' }] }", "x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of 4.5x")]
    [InlineData("{ type: string, x-kubernetes-validations: [{ rule: 'true', messageExpression: 'self + string(1)' }] }", "x-kubernetes-validations[0].messageExpression: Forbidden: estimated messageExpression cost exceeds budget by factor of more than 100x")]
    [InlineData("{ type: array, items: { type: string, x-kubernetes-validations: [{ rule: 'self.contains(\"a\")' }] } }", "spec.versions[0].schema.openAPIV3Schema: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x")]
    [InlineData("{ type: array, items: { type: string, x-kubernetes-validations: [{ rule: 'self == oldSelf' }] } }", "oldSelf cannot be used on the uncorrelatable portion of the schema within spec.versions[0].schema.openAPIV3Schema.properties[a]")]
    [InlineData("{ type: string, x-kubernetes-validations: [{ rule: 'true', optionalOldSelf: true }] }", "optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule")]
    [InlineData("{ type: string, x-kubernetes-validations: [{ rule: 'true', fieldPath: .nothing }] }", "fieldPath: Invalid value: \".nothing\": must be a valid path")]
    [InlineData("{ type: string, x-kubernetes-validations: [{ rule: 'true', reason: Because }] }", "reason: Unsupported value: \"Because\": supported values: \"FieldValueDuplicate\", \"FieldValueForbidden\", \"FieldValueInvalid\", \"FieldValueRequired\"")]
    public async Task A_rule_that_could_cost_too_much_or_says_too_little_is_refused(string property, string complaint)
    {
        var crd = Crd.Foo(Crd.Group(), "{ type: object, properties: { a: " + property + " } }", "");

        var (code, refused) = await world.SendAsync("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd.ToJsonString());

        Assert.Equal(422, code);
        Assert.Contains(complaint, (string)refused["message"]!, StringComparison.Ordinal);
    }

    private static string Foo(string path, string spec) => $$"""{"apiVersion":"{{path.Split('/')[2]}}/v1","kind":"Foo","metadata":{"name":"it"},"spec":{{spec}} }""";

    private async Task<string> FooAsync(string schema)
    {
        var group = Crd.Group();
        await world.DefineAsync(Crd.Foo(group, schema, ""));
        return $"/apis/{group}/v1/namespaces/{await world.NamespaceAsync()}/foos";
    }
}
