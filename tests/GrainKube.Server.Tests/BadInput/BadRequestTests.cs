using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.BadInput;

/// <summary>What a client may get wrong: each mistake is answered with upstream's code and a message that names what is wrong, and the server goes on.</summary>
public sealed class BadRequestTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const string Pods = "/api/v1/namespaces/default/pods";
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";

    public static TheoryData<string, string, int, string> Bodies => new()
    {
        { ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{""", 400, "" },
        { ConfigMaps, "", 400, "" },
        { ConfigMaps, "[]", 400, "" },
        { ConfigMaps, "null", 422, "metadata.name: Required value: name or generateName is required" },
        { ConfigMaps, "42", 400, "" },
        { ConfigMaps, "{}", 422, "metadata.name: Required value: name or generateName is required" },
        { ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":"\ud800"}}""", 0, "" },
        { ConfigMaps, """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}""", 400, "Secret" },
        { ConfigMaps, """{"apiVersion":"apps/v1","kind":"ConfigMap","metadata":{"name":"a"}}""", 400, "apps/v1" },
        { ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":5}}""", 400, "data" },
        { ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":"text"}""", 400, "data" },
        { ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":"text"}""", 400, "metadata" },
        { ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":5}}""", 400, "name" },
        { ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{}}""", 422, "metadata.name: Required value: name or generateName is required" },
        { ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"Not_A_Name"}}""", 422, "metadata.name: Invalid value: \"Not_A_Name\": a lowercase RFC 1123 subdomain must consist of" },
        { ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"other"}}""", 400, "the namespace of the provided object does not match the namespace sent on the request" },
        { ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","labels":{"-bad":"x"}}}""", 422, "metadata.labels: Invalid value: \"-bad\"" },
        { ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","resourceVersion":"5"}}""", 400, "resourceVersion should not be set on objects to be created" },
        { ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","ownerReferences":[{}]}}""", 422, "metadata.ownerReferences" },
        { Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[]}}""", 422, "spec.containers: Required value" },
        { Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}""", 422, "spec.containers: Required value" },
        { Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":null}""", 422, "spec.containers: Required value" },
        { Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[null]}}""", 422, "spec.containers[0]" },
        { Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":{"name":"a"}}}""", 400, "containers" },
        { Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"a","image":"b","ports":[{"containerPort":"80"}]}]}}""", 400, "containerPort" },
        { Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"a","image":"b","ports":[{"containerPort":99999}]}]}}""", 422, "spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive" },
        { Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"a","image":"b","resources":{"limits":{"cpu":"lots"}}}]}}""", 400, "quantities must match the regular expression" },
        { Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"restartPolicy":"Sometimes","containers":[{"name":"a","image":"b"}]}}""", 422, "spec.restartPolicy: Unsupported value: \"Sometimes\"" },
        { Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"a","image":"b"},{"name":"a","image":"c"}]}}""", 422, "spec.containers[1].name: Duplicate value: \"a\"" },
        { Deployments, """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":-1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"c"}},"spec":{"containers":[{"name":"a","image":"b"}]}}}}""", 422, "spec.replicas: Invalid value: -1: must be greater than or equal to 0" },
        { Deployments, """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":1.5}}""", 400, "replicas" },
        { Deployments, """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":99999999999999999999}}""", 400, "replicas" },
        { "/api/v1/namespaces", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a.b"}}""", 422, "metadata.name: Invalid value: \"a.b\"" },
        { "/api/v1/namespaces/not-there/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""", 404, "namespaces \"not-there\" not found" },
        { "/api/v1/namespaces/default/nothings", """{"apiVersion":"v1","kind":"Nothing","metadata":{"name":"a"}}""", 404, "the server could not find the requested resource" },
    };

    public static TheoryData<string, int, string> Queries => new()
    {
        { Pods + "?labelSelector=a%3D%3D%3Db", 400, "unable to parse requirement" },
        { Pods + "?labelSelector=%21%21", 400, "unable to parse requirement" },
        { Pods + "?labelSelector=a+in+b", 400, "unable to parse requirement" },
        { Pods + "?labelSelector=-bad%3Dx", 400, "-bad" },
        { Pods + "?fieldSelector=nonsense", 400, "invalid selector: 'nonsense'; can't understand 'nonsense'" },
        { Pods + "?fieldSelector=spec.nothing%3Da", 400, "spec.nothing" },
        { Pods + "?limit=many", 400, "parsing \"many\": invalid syntax" },
        { Pods + "?timeoutSeconds=soon&watch=1", 400, "parsing \"soon\": invalid syntax" },
        { Pods + "?continue=garbage", 400, "continue" },
        { Pods + "?resourceVersion=abc", 400, "resourceVersion" },
        { Pods + "?resourceVersion=5&resourceVersionMatch=Sometimes", 422, "resourceVersionMatch" },
        { Pods + "?resourceVersionMatch=Exact", 422, "resourceVersionMatch is forbidden unless resourceVersion is provided" },
        { Pods + "?watch=true&resourceVersion=abc", 400, "resourceVersion" },
        { Pods + "?watch=true&resourceVersionMatch=Exact&resourceVersion=3", 422, "resourceVersionMatch" },
        { Pods + "?sendInitialEvents=true", 422, "sendInitialEvents" },
        { Pods + "/none/log?tailLines=-5", 0, "" },
        { Pods + "/none/nothing", 404, "" },
        { Pods + "/%ff%fe", 0, "" },
        { "/apis/nothing.example/v1/things", 404, "404 page not found" },
        { "/api/v1/namespaces/default/pods/..%2f..%2fnodes", 0, "" },
    };

    public static TheoryData<string, string, int, string> Patches => new()
    {
        { "application/json-patch+json", "{}", 400, "" },
        { "application/json-patch+json", """[{"op":"dance","path":"/data"}]""", 422, "the server rejected our request due to an error in our request" },
        { "application/json-patch+json", """[{"op":"remove","path":"/data/nothing"}]""", 422, "the server rejected our request due to an error in our request" },
        { "application/json-patch+json", """[{"op":"replace","path":"/metadata/name","value":"b"}]""", 400, "" },
        { "application/json-patch+json", """[{"op":"add","path":"/data","value":"text"}]""", 422, "" },
        { "application/merge-patch+json", "[", 400, "" },
        { "application/merge-patch+json", """{"data":5}""", 422, "data" },
        { "application/merge-patch+json", """{"metadata":{"uid":"other"}}""", 422, "metadata.uid: Invalid value: \"other\": field is immutable" },
        { "application/merge-patch+json", """{"kind":"Secret"}""", 0, "" },
        { "application/strategic-merge-patch+json", """{"$patch":"dance"}""", 0, "" },
        { "application/strategic-merge-patch+json", """{"metadata":{"ownerReferences":[{"kind":"x"}]}}""", 0, "" },
        { "application/strategic-merge-patch+json", "\"text\"", 400, "" },
        { "application/json", "{}", 415, "415: Unsupported Media Type" },
        { "text/plain", "{}", 415, "415: Unsupported Media Type" },
    };

    [Theory, MemberData(nameof(Bodies))]
    public async Task A_bad_body_is_refused(string path, string body, int code, string message) => await RefusedAsync(HttpMethod.Post, path, body, "application/json", code, message);

    [Theory, MemberData(nameof(Queries))]
    public async Task A_bad_query_is_refused(string path, int code, string message) => await RefusedAsync(HttpMethod.Get, path, null, "", code, message);

    [Theory, MemberData(nameof(Patches))]
    public async Task A_bad_patch_is_refused(string type, string body, int code, string message)
    {
        var name = "patched-" + Guid.NewGuid().ToString("N")[..8];
        using (await SendAsync(HttpMethod.Post, ConfigMaps, $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"},"data":{"key":"value"}}""", "application/json"))
        {
        }

        await RefusedAsync(HttpMethod.Patch, $"{ConfigMaps}/{name}", body, type, code, message);

        using var after = await SendAsync(HttpMethod.Get, $"{ConfigMaps}/{name}", null, "");
        Assert.Equal("value", (string?)JsonNode.Parse(await after.Content.ReadAsStringAsync())!["data"]!["key"]);
    }

    [Theory]
    [InlineData("Strict", 400)]
    [InlineData("Warn", 201)]
    [InlineData("Ignore", 201)]
    [InlineData("Sometimes", 422)]
    public async Task Unknown_and_doubled_fields_are_treated_as_asked(string validation, int code)
    {
        const string Body = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"fields","labels":{"a":"1","a":"2"}},"daat":{"a":"b"}}""";
        using var answer = await SendAsync(HttpMethod.Post, $"{ConfigMaps}?dryRun=All&fieldValidation={validation}", Body, "application/json");

        Assert.Equal(code, (int)answer.StatusCode);
        var said = validation == "Warn" ? string.Join(' ', answer.Headers.GetValues("Warning")) : await answer.Content.ReadAsStringAsync();
        var named = validation is "Strict" or "Warn";
        Assert.Equal(named, said.Contains("unknown field", StringComparison.Ordinal) && said.Contains("daat", StringComparison.Ordinal));
        Assert.Equal(named, said.Contains("duplicate field", StringComparison.Ordinal) && said.Contains("metadata.labels", StringComparison.Ordinal));
        Assert.Equal(validation == "Warn", answer.Headers.Contains("Warning"));
    }

    [Fact]
    public async Task More_than_three_megabytes_are_too_much()
    {
        var body = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"big"},"data":{"a":"X"}}""".Replace("X", new string('x', 3 << 20), StringComparison.Ordinal);

        await RefusedAsync(HttpMethod.Post, ConfigMaps, body, "application/json", 413, "limit is 3145728");
    }

    [Fact]
    public async Task Deep_nesting_is_refused()
    {
        var body = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"deep"},"data":X}""".Replace("X", string.Concat(Enumerable.Repeat("{\"a\":", 20_000)) + "1" + new string('}', 20_000), StringComparison.Ordinal);

        await RefusedAsync(HttpMethod.Post, ConfigMaps, body, "application/json", 400, "");
    }

    [Fact]
    public async Task A_body_of_an_unknown_type_is_refused() =>
        await RefusedAsync(HttpMethod.Post, ConfigMaps, "a=b", "application/x-www-form-urlencoded", 415, "the body of the request was in an unknown format");

    [Fact]
    public async Task An_answer_that_cannot_be_given_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Pods);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("image/png"));
        using var answer = await shared.Cluster.Http.SendAsync(request);

        Assert.Equal(406, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_method_that_is_not_served_is_refused() =>
        await RefusedAsync(HttpMethod.Put, ConfigMaps, "{}", "application/json", 405, "the server does not allow this method on the requested resource");

    [Fact]
    public async Task A_stale_update_is_a_conflict()
    {
        var name = "stale-" + Guid.NewGuid().ToString("N")[..8];
        var body = $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"}}""";
        using var created = await SendAsync(HttpMethod.Post, ConfigMaps, body, "application/json");

        await RefusedAsync(HttpMethod.Post, ConfigMaps, body, "application/json", 409, $"configmaps \"{name}\" already exists");
        await RefusedAsync(HttpMethod.Put, $"{ConfigMaps}/{name}", body.Replace("\"}", "\",\"resourceVersion\":\"1\"}", StringComparison.Ordinal), "application/json", 409, "the object has been modified");
        await RefusedAsync(HttpMethod.Put, $"{ConfigMaps}/{name}", body.Replace(name, "other", StringComparison.Ordinal), "application/json", 400, "the name of the object (other) does not match the name on the URL");
        await RefusedAsync(HttpMethod.Delete, $"{ConfigMaps}/{name}", """{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"x"}}""", "application/json", 409, "UID in");
        await RefusedAsync(HttpMethod.Delete, $"{ConfigMaps}/{name}", """{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Upwards"}""", "application/json", 422, "propagationPolicy");
    }

    /// <param name="code">The code, or 0 where any but a server's fault will do.</param>
    private async Task RefusedAsync(HttpMethod method, string path, string? body, string type, int code, string message)
    {
        using var answer = await SendAsync(method, path, body, type);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.True(code == 0 ? (int)answer.StatusCode < 500 : (int)answer.StatusCode == code, $"{(int)answer.StatusCode} {text}");
        if (code > 0 && text.StartsWith('{'))
        {
            var status = JsonNode.Parse(text)!;
            Assert.Equal("Status", (string?)status["kind"]);
            Assert.Equal("Failure", (string?)status["status"]);
            Assert.Equal(code, (int)status["code"]!);
            Assert.NotEqual("", (string?)status["reason"]);
            Assert.Contains(message, (string?)status["message"], StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains(message, text, StringComparison.Ordinal);
        }
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, string type)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        return shared.Cluster.Http.SendAsync(request);
    }
}
