using System.Text.Json.Nodes;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.CustomResources;

[Collection(ApiCollection.Name)]
public sealed class CustomResourceTests(ApiWorld world)
{
    private const string Simple =
        "{ type: object, properties: { spec: { type: object, required: [size], properties: { size: { type: integer, minimum: 1, maximum: 10 }, mode: { type: string, default: fast, enum: [fast, slow] }, "
        + "name: { type: string, pattern: '^[a-z]+$', maxLength: 5 }, port: { x-kubernetes-int-or-string: true }, any: { type: object, x-kubernetes-preserve-unknown-fields: true }, "
        + "items: { type: array, items: { type: object, properties: { key: { type: string }, n: { type: integer } }, required: [key] }, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [key] } } }, "
        + "status: { type: object, properties: { ready: { type: integer }, replicas: { type: integer } } } } }";

    [Fact]
    public async Task A_custom_resource_lives_like_any_other()
    {
        var (path, _) = await FooAsync(Simple, "subresources: { status: {} }");

        var made = await world.CreateAsync(path, Foo("a", """{"size":3,"unknown":1,"any":{"x":[1]},"port":"http"}"""));
        Assert.Equal("fast", (string?)made["spec"]!["mode"]);
        Assert.Null(made["spec"]!["unknown"]);
        Assert.Equal(1, (int)made["spec"]!["any"]!["x"]![0]!);
        Assert.Equal(1, (int)made["metadata"]!["generation"]!);

        var (code, patched) = await world.SendAsync("PATCH", $"{path}/a", """{"spec":{"size":4},"status":{"ready":9}}""", "application/merge-patch+json");
        Assert.Equal((200, 2), (code, (int)patched["metadata"]!["generation"]!));
        Assert.Null(patched["status"]);
        (code, patched) = await world.SendAsync("PATCH", $"{path}/a/status", """{"spec":{"size":5},"status":{"ready":1}}""", "application/merge-patch+json");
        Assert.Equal((200, 4, 1, 2), (code, (int)patched["spec"]!["size"]!, (int)patched["status"]!["ready"]!, (int)patched["metadata"]!["generation"]!));

        var list = await world.GetAsync(path);
        Assert.Equal(("FooList", 1), ((string?)list["kind"], list["items"]!.AsArray().Count));
        (code, _) = await world.SendAsync("DELETE", $"{path}/a");
        Assert.Equal(200, code);
        (code, _) = await world.SendAsync("GET", $"{path}/a");
        Assert.Equal(404, code);
    }

    [Fact]
    public async Task Names_are_empty_and_not_absent_until_they_are_accepted()
    {
        var made = await world.CreateAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All", Crd.Foo(Crd.Group(), Simple, "").ToJsonString());

        Assert.Equal(("", ""), ((string?)made["status"]!["acceptedNames"]!["plural"], (string?)made["status"]!["acceptedNames"]!["kind"]));
        Assert.Empty(made["status"]!["conditions"]!.AsArray()); // kubectl wait that comes before the controller finds no list of null
    }

    [Fact]
    public async Task Values_are_judged_in_upstreams_words()
    {
        var (path, group) = await FooAsync(Simple, "");

        var (code, refused) = await world.SendAsync("POST", path, Foo("bad", """{"size":11,"name":"Abcdef","mode":"odd","items":[{"key":"a"},{"key":"a"}]}"""));
        Assert.Equal((422, "Invalid"), (code, (string?)refused["reason"]));
        var message = (string)refused["message"]!;
        Assert.StartsWith($"Foo.{group} \"bad\" is invalid: [", message, StringComparison.Ordinal);
        Assert.Contains("spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10", message, StringComparison.Ordinal);
        Assert.Contains("spec.name: Too long: may not be more than 5 bytes", message, StringComparison.Ordinal);
        Assert.Contains("spec.name: Invalid value: \"Abcdef\": spec.name in body should match '^[a-z]+$'", message, StringComparison.Ordinal);
        Assert.Contains("spec.mode: Unsupported value: \"odd\": supported values: \"fast\", \"slow\"", message, StringComparison.Ordinal);

        (_, refused) = await world.SendAsync("POST", path, Foo("bad", """{"items":[{"n":"x"}]}"""));
        message = (string)refused["message"]!;
        Assert.Contains("spec.size: Required value", message, StringComparison.Ordinal);
        Assert.Contains("spec.items[0].key: Required value", message, StringComparison.Ordinal);
        Assert.Contains("spec.items[0].n: Invalid value: \"string\": spec.items[0].n in body must be of type integer: \"string\"", message, StringComparison.Ordinal);
        (_, refused) = await world.SendAsync("POST", path, Foo("bad", """{"size":1,"items":[{"key":"a"},{"key":"a"}]}"""));
        Assert.Contains("spec.items[1]: Duplicate value: {\"key\":\"a\"}", (string)refused["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Field_validation_names_unknown_and_duplicate_fields()
    {
        var (path, _) = await FooAsync(Simple, "");
        var body = """{"apiVersion":"GROUP/v1","kind":"Foo","metadata":{"name":"s","odd":1},"spec":{"size":1,"size":2,"foo":1,"items":[{"key":"a","x":1}]}}"""
            .Replace("GROUP", path.Split('/')[2], StringComparison.Ordinal);

        var (code, refused) = await world.SendAsync("POST", $"{path}?fieldValidation=Strict", body);
        Assert.Equal(400, code);
        foreach (var complaint in (string[])["duplicate field \"spec.size\"", "unknown field \"spec.foo\"", "unknown field \"metadata.odd\"", "unknown field \"spec.items[0].x\""])
        {
            Assert.Contains(complaint, (string)refused["message"]!, StringComparison.Ordinal);
        }

        using var warned = await world.SendRawAsync("POST", path + "?fieldValidation=Warn", System.Text.Encoding.UTF8.GetBytes(body));
        Assert.Equal(201, (int)warned.StatusCode);
        Assert.Equal(4, warned.Headers.GetValues("Warning").Count());
    }

    [Fact]
    public async Task Defaults_reach_what_is_stored_already()
    {
        var group = Crd.Group();
        var crd = Crd.Foo(group, "{ type: object, properties: { a: { type: string }, b: { type: string } } }", "");
        await world.DefineAsync(crd);
        var path = $"/apis/{group}/v1/namespaces/{await world.NamespaceAsync()}/foos";
        await world.CreateAsync(path, """{"metadata":{"name":"old"},"a":"x"}""");

        var (code, _) = await world.SendAsync(
            "PATCH", $"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/foos.{group}", """[{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/b/default","value":"B"},{"op":"remove","path":"/spec/versions/0/schema/openAPIV3Schema/properties/a"}]""", "application/json-patch+json");
        Assert.Equal(200, code);

        JsonObject seen;
        do
        {
            seen = await world.GetAsync($"{path}/old");
        }
        while (seen["b"] is null);
        Assert.Equal("B", (string?)seen["b"]);
        Assert.Null(seen["a"]);
        Assert.Equal("B", (string?)(await world.GetAsync(path))["items"]![0]!["b"]);
    }

    [Fact]
    public async Task Two_versions_share_what_is_stored()
    {
        var group = Crd.Group();
        await world.DefineAsync(Crd.Foo(group, """
            - { name: v1, served: true, storage: false, deprecated: true, schema: { openAPIV3Schema: { type: object, properties: { a: { type: string, maxLength: 3 } } } } }
            - { name: v2, served: true, storage: true, schema: { openAPIV3Schema: { type: object, properties: { a: { type: string } } } }, selectableFields: [{ jsonPath: .a }] }
            """));
        var ns = await world.NamespaceAsync();
        using var made = await world.SendRawAsync("POST", $"/apis/{group}/v1/namespaces/{ns}/foos", """{"metadata":{"name":"one"},"a":"x"}"""u8.ToArray());
        Assert.Equal($"299 - \"{group}/v1 Foo is deprecated\"", Assert.Single(made.Headers.GetValues("Warning")));

        var two = await world.GetAsync($"/apis/{group}/v2/namespaces/{ns}/foos/one");
        Assert.Equal(($"{group}/v2", "x"), ((string?)two["apiVersion"], (string?)two["a"]));
        var (code, refused) = await world.SendAsync("POST", $"/apis/{group}/v1/namespaces/{ns}/foos", """{"metadata":{"name":"long"},"a":"long"}""");
        Assert.Equal(422, code);
        Assert.Contains("a: Too long", (string)refused["message"]!, StringComparison.Ordinal);
        (code, _) = await world.SendAsync("POST", $"/apis/{group}/v2/namespaces/{ns}/foos", """{"metadata":{"name":"long"},"a":"long"}""");
        Assert.Equal(201, code);
        var found = await world.GetAsync($"/apis/{group}/v2/namespaces/{ns}/foos?fieldSelector=a%3Dlong");
        Assert.Equal("long", (string?)Assert.Single(found["items"]!.AsArray())!["metadata"]!["name"]);
        using var watch = await world.WatchAsync($"/apis/{group}/v1/namespaces/{ns}/foos?watch=true");
        Assert.Equal($"{group}/v1", (string?)(await watch.NextAsync())!["object"]!["apiVersion"]);
    }

    [Fact]
    public async Task Columns_scale_discovery_and_openapi_follow_the_definition()
    {
        var (path, group) = await FooAsync(
            Simple, "subresources: { status: {}, scale: { specReplicasPath: .spec.size, statusReplicasPath: .status.replicas } }, additionalPrinterColumns: [{ name: Size, type: integer, jsonPath: .spec.size }, { name: Key, type: string, jsonPath: '.spec.items[?(@.key==\"b\")].key' }]");
        await world.CreateAsync(path, Foo("a", """{"size":3,"items":[{"key":"a"},{"key":"b"}]}"""));

        var table = await world.GetAsync(path, "application/json;as=Table;v=v1;g=meta.k8s.io");
        Assert.Equal(["Name", "Size", "Key"], table["columnDefinitions"]!.AsArray().Select(c => (string?)c!["name"]));
        Assert.Equal("""["a",3,"b"]""", table["rows"]![0]!["cells"]!.ToJsonString());
        var (code, scale) = await world.SendAsync("PUT", $"{path}/a/scale", """{"metadata":{"name":"a"},"spec":{"replicas":7}}""");
        Assert.Equal((200, 7), (code, (int)scale["spec"]!["replicas"]!));

        var discovery = await world.GetAsync($"/apis/{group}/v1");
        Assert.Equal(["foos", "foos/scale", "foos/status"], discovery["resources"]!.AsArray().Select(r => (string?)r!["name"]));
        var schema = (await world.GetAsync($"/openapi/v3/apis/{group}/v1"))["components"]!["schemas"]![Reversed(group) + ".v1.Foo"]!;
        Assert.Equal(10, (int)schema["properties"]!["spec"]!["properties"]!["size"]!["maximum"]!);
        Assert.Equal("Foo", (string?)schema["x-kubernetes-group-version-kind"]![0]!["kind"]);
        var old = (await world.GetAsync("/openapi/v2"))["definitions"]![Reversed(group) + ".v1.Foo"]!;
        Assert.Null(old["properties"]!["spec"]!["properties"]!["any"]!["type"]);
        Assert.NotNull(old["properties"]!["metadata"]!["$ref"]);
    }

    [Fact]
    public async Task Server_side_apply_merges_by_the_schema()
    {
        var (path, group) = await FooAsync(Simple, "");
        string Applied(string items) => $$"""{"apiVersion":"{{group}}/v1","kind":"Foo","metadata":{"name":"x"},"spec":{"size":1,"items":[{{items}}]} }""";

        var (code, answer) = await world.SendAsync("PATCH", $"{path}/x?fieldManager=one", Applied("""{"key":"a","n":1}"""), "application/apply-patch+yaml");
        Assert.True(code == 201, answer.ToJsonString());
        (code, answer) = await world.SendAsync("PATCH", $"{path}/x?fieldManager=two", Applied("""{"key":"b","n":2}"""), "application/apply-patch+yaml");
        Assert.True(code == 200, answer.ToJsonString());
        Assert.Equal(["a", "b"], answer["spec"]!["items"]!.AsArray().Select(i => (string?)i!["key"]));
    }

    [Fact]
    public async Task A_definition_that_is_deleted_waits_for_its_objects_and_takes_no_new_ones()
    {
        var (path, group) = await FooAsync(Simple, "");
        await world.CreateAsync(path, Foo("a", """{"size":1}"""));

        var (code, answer) = await world.SendAsync("DELETE", $"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/foos.{group}");
        Assert.True(code == 200, answer.ToJsonString());
        Assert.Equal("customresourcecleanup.apiextensions.k8s.io", (string?)answer["metadata"]!["finalizers"]![0]);
        do
        {
            (code, answer) = await world.SendAsync("POST", path, Foo("b" + Guid.NewGuid(), """{"size":1}"""));
        }
        while (code == 201);
        Assert.Equal((405, "create not allowed while custom resource definition is terminating"), (code, (string?)answer["message"]));
        (code, _) = await world.SendAsync("PATCH", $"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/foos.{group}", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        Assert.Equal(200, code);
        await world.ServedAsync(path, served: false);
        await world.ServedAsync($"/apis/{group}", served: false);
    }

    [Fact]
    public async Task A_definition_must_be_structural()
    {
        var group = Crd.Group();
        var crd = Crd.Foo(group, "{ type: object, properties: { a: { pattern: '(' }, m: { type: array }, metadata: { type: object, properties: { labels: { type: object } } } } }", "");
        crd["spec"]!["versions"]![0]!["storage"] = false;

        var (code, refused) = await world.SendAsync("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd.ToJsonString());
        Assert.Equal(422, code);
        var message = (string)refused["message"]!;
        foreach (var complaint in (string[])[
            "spec.versions[0].schema.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields",
            "spec.versions[0].schema.openAPIV3Schema.properties[m].items: Required value: must be specified",
            "must have exactly one version marked as storage version",
            "spec.versions[0].schema.openAPIV3Schema.properties[metadata]: Forbidden: must not specify anything other than name and generateName",
        ])
        {
            Assert.Contains(complaint, message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{ type: object, oneOf: [{ required: [a] }], properties: { a: { type: string } } }", "subresources: { status: {} }", "XPreserveUnknownFields XValidations] fields are allowed at the root of the schema if the status subresource is enabled")]
    [InlineData("{ type: object, oneOf: [{ required: [a] }], properties: { a: { type: string } } }", "", null)]
    [InlineData("{ type: object, description: d, nullable: false, x-kubernetes-preserve-unknown-fields: true }", "subresources: { status: {} }", null)]
    public async Task With_a_status_of_its_own_the_root_of_the_schema_says_only_what_holds_for_both(string schema, string more, string? complaint)
    {
        var (code, answer) = await world.SendAsync("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", Crd.Foo(Crd.Group(), schema, more).ToJsonString());
        Assert.Equal(complaint is null ? 201 : 422, code);
        Assert.Contains(complaint ?? "", (string?)answer["message"] ?? "", StringComparison.Ordinal);
    }

    private static string Reversed(string group) => string.Join('.', group.Split('.').Reverse());

    private static string Foo(string name, string spec) => $$"""{"metadata":{"name":"{{name}}"},"spec":{{spec}} }""";

    private async Task<(string Path, string Group)> FooAsync(string schema, string more)
    {
        var group = Crd.Group();
        await world.DefineAsync(Crd.Foo(group, schema, more));
        return ($"/apis/{group}/v1/namespaces/{await world.NamespaceAsync()}/foos", group);
    }
}
