using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.CustomResources;

/// <summary>What a definition may say, as upstream judges it.</summary>
[Collection(ApiCollection.Name)]
public sealed class DefinitionRulesTests(ApiWorld world)
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All";
    private const string Schema = "spec.versions[0].schema.openAPIV3Schema";

    [Theory]
    [InlineData("{ type: object, $schema: x }", Schema + ": Invalid value: \"\": OpenAPIV3Schema 'schema' is not supported")]
    [InlineData("{ type: object, default: {} }", Schema + ".default.apiVersion: Required value: must not be empty")]
    [InlineData("{ type: object, default: 5 }", Schema + ".default: Invalid value: \"integer\":  in body must be of type object: \"integer\"")]
    [InlineData("{ type: object, properties: { a: { type: string, default: 5 } } }", Schema + ".properties[a].default: Invalid value: \"integer\":  in body must be of type string: \"integer\"")]
    [InlineData("{ type: object, properties: { a: { type: object, default: { z: 1 } } } }", Schema + ".properties[a].default: Invalid value: {\"z\":1}: must not have unknown fields")]
    [InlineData("{ type: object, properties: { a: { type: object, default: { n: x }, properties: { n: { type: integer } } } } }", Schema + ".properties[a].default.n: Invalid value: \"string\": n in body must be of type integer: \"string\"")]
    [InlineData("{ type: object, properties: { a: { type: string, enum: [x], default: y } } }", Schema + ".properties[a].default: Unsupported value: \"y\": supported values: \"x\"")]
    [InlineData("{ type: object, properties: { metadata: { type: object, properties: { name: { type: string, default: x } } } } }", Schema + ".properties[metadata].properties[name].default: Forbidden: must not be set in top-level metadata")]
    [InlineData("{ type: object, properties: { kind: { type: object } } }", Schema + ".properties[kind].type: Invalid value: \"object\": must be string")]
    [InlineData("{ type: object, properties: { a: { type: 'null' } } }", Schema + ".properties[a].type: Forbidden: type cannot be set to null, use nullable as an alternative")]
    [InlineData("{ type: object, properties: { l: { type: array, x-kubernetes-list-type: set, items: { type: object } } } }", Schema + ".properties[l].items.x-kubernetes-map-type: Invalid value: \"null\": must be atomic as item of a list with x-kubernetes-list-type=set")]
    [InlineData("{ type: object, properties: { l: { type: array, x-kubernetes-list-type: set, items: { type: string, nullable: true } } } }", Schema + ".properties[l].items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set")]
    public async Task A_schema_is_judged_in_upstreams_words(string schema, string text) => await RefusedAsync(schema, "", 422, text);

    [Theory]
    [InlineData("additionalPrinterColumns: [{ name: A, type: string, jsonPath: spec.a }]", 422, "spec.versions[0].additionalPrinterColumns[0].JSONPath: Invalid value: \"spec.a\": must be a simple json path starting with .")]
    [InlineData("subresources: { status: x }", 400, "json: cannot unmarshal string into Go struct field CustomResourceSubresources.spec.versions.subresources.status of type v1.CustomResourceSubresourceStatus")]
    public async Task A_version_is_judged_in_upstreams_words(string more, int code, string text) => await RefusedAsync("{ type: object }", more, code, text);

    [Theory]
    [InlineData("{ type: object, default: { apiVersion: a/v1, kind: Foo } }", "")]
    [InlineData("{ type: object, properties: { a: { type: object, default: {}, properties: { n: { type: integer, default: 1 } } } } }", "")]
    [InlineData("{ type: object, properties: { a: { type: object, default: { z: 1 }, x-kubernetes-preserve-unknown-fields: true } } }", "")]
    [InlineData("{ type: object, properties: { a: { type: object, additionalProperties: true, properties: { n: { type: integer } } } } }", "")]
    [InlineData("{ type: object }", "additionalPrinterColumns: [{ name: A, type: string, jsonPath: '.spec[' }]")]
    public async Task What_upstream_lets_in_is_let_in(string schema, string more)
    {
        var (code, answer) = await world.SendAsync("POST", Definitions, Crd.Foo(Crd.Group(), schema, more).ToJsonString());
        Assert.True(code == 201, answer.ToJsonString());
    }

    private async Task RefusedAsync(string schema, string more, int expected, string text)
    {
        var (code, status) = await world.SendAsync("POST", Definitions, Crd.Foo(Crd.Group(), schema, more).ToJsonString());
        Assert.Equal(expected, code);
        Assert.Contains(text, (string?)status["message"]);
    }
}
