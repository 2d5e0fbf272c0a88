using System.Text;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Endpoints;

/// <summary>Unknown and duplicate fields, told by path or by line: refused, warned of or let pass.</summary>
[Collection(ApiCollection.Name)]
public sealed class FieldValidationTests(ApiWorld world)
{
    private const string Json = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME"},"odd":1,"odd":2,"immutable":true,"immutable":false}""";
    private const string Yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: NAME\nodd: 1\nodd: 2\nimmutable: true\nimmutable: false\n";
    private const string Patch = """{"odd":1,"odd":2,"immutable":true,"immutable":false}""";
    private const string Operations = """[{"op":"add","path":"/odd","value":1,"x":1},{"op":"add","path":"/immutable","path":"/immutable","value":false}]""";
    private static readonly string[] OfJson = ["unknown field \"odd\"", "duplicate field \"immutable\""];
    private static readonly string[] OfYaml = ["line 6: key \"odd\" already set in map", "line 8: key \"immutable\" already set in map", "unknown field \"odd\""];
    private static readonly string[] OfPatch = ["duplicate field \"odd\"", "duplicate field \"immutable\"", "unknown field \"odd\""];
    private static readonly string[] OfOperations = ["json patch unknown field \"[0].x\"", "json patch duplicate field \"[1].path\"", "unknown field \"odd\""];

    public static TheoryData<string, string, string, string[]> Ways => new()
    {
        { "POST", Json, "application/json", OfJson },
        { "POST", Yaml, "application/yaml", OfYaml },
        { "PUT", Json, "application/json", OfJson },
        { "PUT", Yaml, "application/yaml", OfYaml },
        { "PATCH", Patch, "application/merge-patch+json", OfPatch },
        { "PATCH", Patch, "application/strategic-merge-patch+json", OfPatch },
        { "PATCH", Operations, "application/json-patch+json", OfOperations },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Each_way_of_writing_tells_what_is_unknown_or_comes_twice(string method, string body, string type, string[] complaints)
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "there");
        var path = $"/api/v1/namespaces/{ns}/configmaps" + (method == "POST" ? "" : "/there");
        body = body.Replace("NAME", method == "POST" ? "new" : "there", StringComparison.Ordinal);

        var (code, refused) = await world.SendAsync(method, path + "?fieldValidation=Strict", body, type);
        Assert.Equal(method == "PATCH" ? 422 : 400, code);
        var strict = type == "application/yaml" ? $"yaml: unmarshal errors:\n  {complaints[0]}\n  {complaints[1]}, {complaints[2]}" : string.Join(", ", complaints);
        Assert.EndsWith("strict decoding error: " + strict, (string)refused["message"]!, StringComparison.Ordinal);

        using var warned = await world.SendRawAsync(method, path + "?dryRun=All", Encoding.UTF8.GetBytes(body), type);
        Assert.True(warned.IsSuccessStatusCode);
        Assert.Equal(complaints.Select(c => $"299 - \"{c.Replace("\"", "\\\"", StringComparison.Ordinal)}\""), warned.Headers.GetValues("Warning"));

        using var ignored = await world.SendRawAsync(method, path + "?dryRun=All&fieldValidation=Ignore", Encoding.UTF8.GetBytes(body), type);
        Assert.True(ignored.IsSuccessStatusCode);
        Assert.False(ignored.Headers.Contains("Warning"));
    }

    [Fact]
    public async Task Duplicates_in_what_is_applied_are_told_by_line()
    {
        var path = $"/api/v1/namespaces/{await world.NamespaceAsync()}/configmaps/applied?fieldManager=tests";
        const string body = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\nimmutable: true\nimmutable: false\n";

        var (code, refused) = await world.SendAsync("PATCH", path + "&fieldValidation=Strict", body, "application/apply-patch+yaml");
        Assert.Equal(400, code);
        Assert.Equal("error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 5: key \"immutable\" already set in map", (string?)refused["message"]);

        using var warned = await world.SendRawAsync("PATCH", path, Encoding.UTF8.GetBytes(body), "application/apply-patch+yaml");
        Assert.Equal("299 - \"line 5: key \\\"immutable\\\" already set in map\"", Assert.Single(warned.Headers.GetValues("Warning")));
    }

    [Fact]
    public async Task A_drawn_name_leaves_the_mistakes_of_the_body_to_be_told()
    {
        var path = $"/api/v1/namespaces/{await world.NamespaceAsync()}/configmaps";
        using var made = await world.SendRawAsync("POST", path, """{"metadata":{"generateName":"a-"},"immutable":true,"immutable":false}"""u8.ToArray());
        Assert.Equal(201, (int)made.StatusCode);
        Assert.Equal("299 - \"duplicate field \\\"immutable\\\"\"", Assert.Single(made.Headers.GetValues("Warning")));
    }

    [Theory]
    [InlineData("[]", "json: cannot unmarshal array into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" } (5b5d)")]
    [InlineData("{\"a\":", "unexpected end of JSON input ({\"a\":)")]
    [InlineData("", "unexpected end of JSON input (<empty>)")]
    [InlineData("x", "invalid character 'x' looking for beginning of value (78)")]
    public async Task What_is_no_object_is_called_unrecognized(string body, string why)
    {
        var (code, refused) = await world.SendAsync("POST", "/api/v1/namespaces/default/configmaps", body);
        Assert.Equal(400, code);
        Assert.Equal($"the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: {why}", (string?)refused["message"]);
    }

    [Fact]
    public async Task A_patch_that_sets_another_uid_would_change_it()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "a");
        var (code, refused) = await world.SendAsync("PATCH", $"/api/v1/namespaces/{ns}/configmaps/a", """{"metadata":{"uid":"x"}}""", "application/merge-patch+json");
        Assert.Equal(422, code);
        Assert.Equal("ConfigMap \"a\" is invalid: metadata.uid: Invalid value: \"x\": field is immutable", (string?)refused["message"]);
    }

    [Fact]
    public async Task A_finalizer_has_a_domain()
    {
        var (code, refused) = await world.SendAsync(
            "POST", $"/api/v1/namespaces/{await world.NamespaceAsync()}/configmaps", """{"metadata":{"name":"a","finalizers":["mine"]}}""");
        Assert.Equal(422, code);
        Assert.Equal(
            "ConfigMap \"a\" is invalid: metadata.finalizers[0]: Invalid value: \"mine\": name is neither a standard finalizer name nor is it fully qualified", (string?)refused["message"]);
    }
}
