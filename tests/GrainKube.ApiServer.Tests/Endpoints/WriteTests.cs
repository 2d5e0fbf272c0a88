using System.Text;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Endpoints;

[Collection(ApiCollection.Name)]
public sealed class WriteTests(ApiWorld world)
{
    [Fact]
    public async Task A_created_object_can_be_read_changed_and_deleted()
    {
        var ns = await world.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps";
        var made = await world.CreateAsync(path, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"1"}}""");
        Assert.Equal(ns, (string?)made["metadata"]!["namespace"]);
        made["data"]!["k"] = "2";
        var (code, updated) = await world.SendAsync("PUT", $"{path}/a", made.ToJsonString());
        Assert.Equal((200, "2"), (code, (string?)updated["data"]!["k"]));
        Assert.Equal("2", (string?)(await world.GetAsync($"{path}/a"))["data"]!["k"]);
        (code, var stale) = await world.SendAsync("PUT", $"{path}/a", made.ToJsonString());
        Assert.Equal((409, "Conflict"), (code, (string?)stale["reason"]));
        (code, var gone) = await world.SendAsync("DELETE", $"{path}/a");
        Assert.Equal((200, "Success"), (code, (string?)gone["status"]));
        (code, var missing) = await world.SendAsync("GET", $"{path}/a");
        Assert.Equal((404, "configmaps \"a\" not found"), (code, (string?)missing["message"]));
    }

    [Fact]
    public async Task A_name_is_drawn_where_only_a_prefix_is_given()
    {
        var ns = await world.NamespaceAsync();
        var made = await world.CreateAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"generateName":"run-"}}""");
        Assert.Matches("^run-[bcdfghjklmnpqrstvwxz2456789]{5}$", (string?)made["metadata"]!["name"]);
    }

    [Fact]
    public async Task Yaml_is_taken_as_json()
    {
        var ns = await world.NamespaceAsync();
        var yaml = "metadata:\n  name: y\n  labels: {\"on\": \"yes\"}\ndata:\n  text: |\n    two\n    lines\n  number: '5'\n";
        using var answer = await world.SendRawAsync("POST", $"/api/v1/namespaces/{ns}/configmaps", Encoding.UTF8.GetBytes(yaml), "application/yaml");
        Assert.Equal(201, (int)answer.StatusCode);
        Assert.Equal("two\nlines\n", (string?)(await world.GetAsync($"/api/v1/namespaces/{ns}/configmaps/y"))["data"]!["text"]);
    }

    [Fact]
    public async Task A_dry_run_stores_nothing()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateAsync($"/api/v1/namespaces/{ns}/configmaps?dryRun=All", """{"metadata":{"name":"a"}}""");
        Assert.Empty((await world.GetAsync($"/api/v1/namespaces/{ns}/configmaps"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Deleting_a_collection_deletes_what_the_selector_chooses()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "a", """{"x":"1"}""");
        await world.CreateConfigMapAsync(ns, "b", """{"x":"2"}""");
        var (code, list) = await world.SendAsync("DELETE", $"/api/v1/namespaces/{ns}/configmaps?labelSelector=x%3D1");
        Assert.Equal((200, "ConfigMapList"), (code, (string?)list["kind"]));
        Assert.Equal("b", (string?)Assert.Single((await world.GetAsync($"/api/v1/namespaces/{ns}/configmaps"))["items"]!.AsArray())!["metadata"]!["name"]);
    }

    [Theory]
    [InlineData("/api/v1", "replicationcontrollers", """{"metadata":{"name":"a"},"spec":{"replicas":0,"selector":{"app":"a"},"template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""", false)]
    [InlineData("/apis/batch/v1", "jobs", """{"metadata":{"name":"a"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}""", true)]
    public async Task What_left_its_dependents_before_there_was_a_collector_still_does(string version, string resource, string item, bool warns)
    {
        var ns = await world.NamespaceAsync();
        var path = $"{version}/namespaces/{ns}/{resource}";
        await world.CreateAsync(path, item);
        using var answer = await world.SendRawAsync("DELETE", $"{path}/a", "{}"u8.ToArray());
        Assert.Equal(warns, answer.Headers.Contains("Warning"));
        var left = await world.GetAsync($"{path}/a");
        Assert.NotNull(left["metadata"]!["deletionTimestamp"]);
        Assert.Equal("""["orphan"]""", left["metadata"]!["finalizers"]!.ToJsonString());
    }

    [Theory]
    [InlineData("POST", "", "{", 400, "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error:")]
    [InlineData("POST", "", "", 400, "the object provided is unrecognized")]
    [InlineData("POST", "", "[]", 400, "the object provided is unrecognized")]
    [InlineData("POST", "", "{\"metadata\":{\"name\":\"\\ud800\"}}", 422, "a lowercase RFC 1123 subdomain must consist")]
    [InlineData("POST", "", "{\"metadata\":7}", 0, "")]
    [InlineData("POST", "", "{\"metadata\":{\"name\":\"a\"}} x", 400, "the object provided is unrecognized")]
    [InlineData("POST", "", "{}", 422, "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required")]
    [InlineData("POST", "", "{\"metadata\":{\"name\":\"a/b\"}}", 422, "metadata.name: Invalid value: \"a/b\": a lowercase RFC 1123 subdomain must consist")]
    [InlineData("POST", "", "{\"metadata\":{\"generateName\":\"a/\"}}", 422, "metadata.generateName: Invalid value: \"a/\": a lowercase RFC 1123 subdomain must consist")]
    [InlineData("POST", "", "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}", 400, "Pod in version \"v1\" cannot be handled as a ConfigMap")]
    [InlineData("POST", "", "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v2\",\"metadata\":{\"name\":\"a\"}}", 400, "the API version in the data (v2) does not match the expected API version (v1)")]
    [InlineData("POST", "", "{\"metadata\":{\"name\":\"a\",\"namespace\":\"other\"}}", 400, "the namespace of the provided object does not match the namespace sent on the request")]
    [InlineData("PUT", "/a", "{\"metadata\":{\"name\":\"b\"}}", 400, "the name of the object (b) does not match the name on the URL (a)")]
    [InlineData("POST", "?dryRun=Some", "{\"metadata\":{\"name\":\"a\"}}", 422, "CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"Some\"]: supported values: \"All\"")]
    [InlineData("POST", "?dryRun=", "{\"metadata\":{\"name\":\"a\"}}", 422, "dryRun: Unsupported value: [\"\"]: supported values: \"All\"")]
    [InlineData("POST", "?fieldManager=a%7Fb", "{\"metadata\":{\"name\":\"a\"}}", 422, "invalid character U+007F (at position 1)")]
    [InlineData("POST", "?timeout=soon", "{\"metadata\":{\"name\":\"a\"}}", 400, "invalid timeout specified in the request URL - time: invalid duration \"soon\"")]
    [InlineData("POST", "?timeout=5", "{\"metadata\":{\"name\":\"a\"}}", 400, "time: missing unit in duration \"5\"")]
    [InlineData("POST", "?fieldValidation=Maybe", "{\"metadata\":{\"name\":\"a\"}}", 422, "fieldValidation: Unsupported value: \"Maybe\"")]
    [InlineData("DELETE", "/a", "{\"propagationPolicy\":\"Never\"}", 422, "propagationPolicy: Unsupported value: \"Never\"")]
    [InlineData("DELETE", "/a", "{\"propagationPolicy\":\"\"}", 422, "propagationPolicy: Unsupported value: \"\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"")]
    [InlineData("DELETE", "/a?gracePeriodSeconds=", null, 400, "strconv.ParseInt: parsing \"\": invalid syntax")]
    [InlineData("DELETE", "/a", "{\"gracePeriodSeconds\":\"soon\"}", 400, "json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64")]
    [InlineData("DELETE", "/a", "{\"dryRun\":\"All\"}", 400, "json: cannot unmarshal string into Go struct field DeleteOptions.dryRun of type []string")]
    [InlineData("DELETE", "/a", "{\"orphanDependents\":1}", 400, "json: cannot unmarshal number into Go struct field DeleteOptions.orphanDependents of type bool")]
    [InlineData("DELETE", "/a", "{\"preconditions\":\"x\"}", 400, "json: cannot unmarshal string into Go struct field DeleteOptions.preconditions of type v1.Preconditions")]
    [InlineData("DELETE", "/a", "[]", 400, "couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct")]
    [InlineData("DELETE", "/a", "{\"kind\":\"Pod\"}", 400, "")]
    [InlineData("DELETE", "/a", "nonsense", 400, "couldn't get version/kind; json parse error: invalid character")]
    [InlineData("PATCH", "/a", "{}", 415, "415: Unsupported Media Type")]
    public async Task A_bad_request_is_the_clients_fault(string method, string rest, string? body, int code, string text)
    {
        var ns = await world.NamespaceAsync();
        var (actual, status) = await world.SendAsync(method, $"/api/v1/namespaces/{ns}/configmaps{rest}", body);
        Assert.True(code == 0 ? actual is >= 400 and < 500 : actual == code, $"{actual} {status.ToJsonString()}");
        Assert.Contains(text, (string?)status["message"]);
    }

    [Theory]
    [InlineData("PATCH", "/a?fieldManager=m", "application/apply-patch+yaml", 100)]
    [InlineData("PATCH", "/a?fieldManager=m", "application/apply-patch+yaml", 240)]
    [InlineData("PATCH", "/a?fieldManager=m", "application/apply-patch+yaml", 400)]
    [InlineData("PATCH", "/a?fieldManager=m", "application/apply-patch+yaml", 900)]
    [InlineData("POST", "?fieldValidation=Strict", "application/yaml", 100)]
    [InlineData("POST", "", "application/yaml", 400)]
    [InlineData("PATCH", "/b", "application/merge-patch+json", 400)]
    public async Task A_deep_body_is_the_clients_fault(string method, string rest, string type, int depth)
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "b");
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", depth)) + "1" + new string('}', depth);
        var (code, status) = await world.SendAsync(method, $"/api/v1/namespaces/{ns}/configmaps{rest}", $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"nothing":{{{deep}}}}""", type);
        Assert.True(code is >= 400 and < 500, $"{code} {status.ToJsonString()}");
    }

    [Fact]
    public async Task The_namespace_of_an_object_of_the_cluster_is_taken_out()
    {
        var name = "role-" + Guid.NewGuid().ToString("N")[..8];
        var body = $$$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"{{{name}}}","namespace":"somewhere"},"rules":[]}""";
        var created = await world.CreateAsync("/apis/rbac.authorization.k8s.io/v1/clusterroles", body);
        Assert.Null(created["metadata"]!["namespace"]);
        foreach (var (method, type) in ((string, string)[])[("PUT", "application/json"), ("PATCH", "application/merge-patch+json"), ("PATCH", "application/apply-patch+yaml")])
        {
            var (code, answer) = await world.SendAsync(method, $"/apis/rbac.authorization.k8s.io/v1/clusterroles/{name}?fieldManager=m", body, type);
            Assert.True(code == 200, answer.ToJsonString());
            Assert.Null(answer["metadata"]!["namespace"]);
        }
    }

    [Fact]
    public async Task An_uid_that_was_applied_is_not_changed_and_names_no_object_to_be_made()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "a");
        var (changed, status) = await world.SendAsync("PATCH", $"/api/v1/namespaces/{ns}/configmaps/a?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","uid":"x"}}""", "application/apply-patch+yaml");
        Assert.Equal((422, true), (changed, ((string)status["message"]!).Contains("metadata.uid: Invalid value: \"x\": field is immutable", StringComparison.Ordinal)));
        var (made, refused) = await world.SendAsync("PATCH", $"/api/v1/namespaces/{ns}/configmaps/b?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b","uid":"x"}}""", "application/apply-patch+yaml");
        Assert.Equal((409, true), (made, ((string)refused["message"]!).EndsWith("uid mismatch: the provided object specified uid x, and no existing object was found", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Events_of_the_newer_group_are_checked_strictly_when_they_are_made_and_may_be_changed_afterwards()
    {
        var ns = await world.NamespaceAsync();
        var path = $"/apis/events.k8s.io/v1/namespaces/{ns}/events";
        var (code, status) = await world.SendAsync("POST", path, """{"metadata":{"name":"a"},"type":"Odd","deprecatedCount":2,"series":{"count":1}}""");
        Assert.Equal(422, code);
        foreach (var text in (string[])["eventTime: Required value", "type: Invalid value: \"\": has invalid value: Odd", "count: Invalid value: \"\": needs to be unset", "series.count: Invalid value: \"\": should be at least 2"])
        {
            Assert.Contains(text, (string?)status["message"]);
        }

        await world.CreateAsync(path, """{"metadata":{"name":"a"},"regarding":{"namespace":"elsewhere"},"eventTime":"2026-01-01T00:00:00.000000Z","type":"Normal","reason":"R","action":"A","reportingController":"example.com/c","reportingInstance":"i"}""");
        Assert.Equal(200, (await world.SendAsync("PATCH", $"{path}/a", """{"series":{"count":2,"lastObservedTime":"2026-01-01T00:00:01.000000Z"}}""", "application/merge-patch+json")).Code);
        var (_, patched) = await world.SendAsync("PATCH", $"{path}/a", """{"note":"patched"}""", "application/merge-patch+json");
        Assert.Equal(("patched", 2), ((string?)patched["note"], (int?)patched["series"]?["count"]));
        Assert.Equal(200, (await world.SendAsync("PATCH", $"/api/v1/namespaces/{ns}/events/a", """{"reason":"Other"}""", "application/merge-patch+json")).Code);
    }

    [Fact]
    public async Task A_body_over_three_megabytes_is_refused()
    {
        var (code, status) = await world.SendAsync("POST", "/api/v1/namespaces/default/configmaps", new string(' ', (3 * 1024 * 1024) + 1));
        Assert.Equal(413, code);
        Assert.Equal("Request entity too large: limit is 3145728", (string?)status["message"]);
        Assert.Equal("RequestEntityTooLarge", (string?)status["reason"]);
    }

    [Theory]
    [InlineData("/api/v1/nosuch", 404, "the server could not find the requested resource")]
    [InlineData("/api/v1/namespaces/default/nodes", 404, "the server could not find the requested resource")]
    [InlineData("/api/v1/namespaces/default/pods/a/nosuch", 404, "the server could not find the requested resource")]
    public async Task What_is_not_served_is_not_found(string path, int code, string text)
    {
        var (actual, status) = await world.SendAsync("GET", path);
        Assert.Equal((code, text), (actual, (string?)status["message"]));
        Assert.Empty(status["details"]!.AsObject());
    }

    [Theory]
    [InlineData("HEAD", "/api/v1/configmaps")]
    [InlineData("OPTIONS", "/api/v1/namespaces/default/configmaps/a")]
    [InlineData("PUT", "/api/v1/namespaces/default/configmaps")]
    [InlineData("POST", "/api/v1/namespaces/default/configmaps/a")]
    [InlineData("POST", "/api/v1/watch/namespaces/default/configmaps")]
    [InlineData("GET", "/api/v1/namespaces/default/pods/a/eviction")]
    public async Task A_method_without_a_route_is_not_allowed(string method, string path)
    {
        using var answer = await world.SendRawAsync(method, path);
        Assert.Equal(System.Net.HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(method == "HEAD" ? text.Length == 0 : text.Contains("the server does not allow this method on the requested resource", StringComparison.Ordinal), text);
    }

    [Theory]
    [InlineData("apiVersion: v9\nkind: ConfigMap\nmetadata: {name: a}", "Incorrect version specified in apply patch. Specified patch version: v9, expected: v1")]
    [InlineData("kind: ConfigMap\nmetadata: {name: a}", "Incorrect version specified in apply patch. Specified patch version: , expected: v1")]
    [InlineData("[]", "error decoding patch: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}")]
    [InlineData("a: [", "error decoding patch: error converting YAML to JSON: yaml: ")]
    public async Task What_cannot_be_applied_is_refused_in_upstreams_words(string body, string text)
    {
        var ns = await world.NamespaceAsync();
        var (code, status) = await world.SendAsync("PATCH", $"/api/v1/namespaces/{ns}/configmaps/a?fieldManager=m", body, "application/apply-patch+yaml");
        Assert.Equal(400, code);
        Assert.Contains(text, (string?)status["message"]);
    }

    [Theory]
    [InlineData("zz: 1", ".zz: field not declared in schema")]
    [InlineData("data: {a: 5}", ".data.a: expected string, got &value.valueUnstructured{Value:5}")]
    [InlineData("data: []\nimmutable: maybe", "errors:\n  .data: expected map, got &{[]}\n  .immutable: expected boolean, got &{maybe}")]
    public async Task What_does_not_fit_the_schema_is_told_as_upstream_tells_it(string fields, string text)
    {
        var ns = await world.NamespaceAsync();
        var body = $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n{fields}";
        var (code, status) = await world.SendAsync("PATCH", $"/api/v1/namespaces/{ns}/configmaps/a?fieldManager=m", body, "application/apply-patch+yaml");
        Assert.Equal((400, "BadRequest", $"failed to create typed patch object (/a; /v1, Kind=ConfigMap): {text}"), (code, (string?)status["reason"], (string?)status["message"]));
    }

    [Fact]
    public async Task An_apply_of_no_kind_is_told_as_upstream_tells_it()
    {
        var (code, status) = await world.SendAsync("PATCH", "/api/v1/namespaces/default/configmaps/a?fieldManager=m", "apiVersion: v1\nmetadata: {name: a}", "application/apply-patch+yaml");
        Assert.Equal((400, "failed to create typed patch object (/a; /v1, Kind=): no corresponding type for /v1, Kind="), (code, (string?)status["message"]));
    }

    [Fact]
    public async Task A_resource_version_that_is_no_number_is_told_as_upstream_tells_it()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "a");
        var path = $"/api/v1/namespaces/{ns}/configmaps/a";
        var (code, status) = await world.SendAsync("PUT", path, """{"metadata":{"name":"a","resourceVersion":"x"}}""");
        Assert.Equal((400, "BadRequest", "strconv.ParseUint: parsing \"x\": invalid syntax"), (code, (string?)status["reason"], (string?)status["message"]));
        (code, status) = await world.SendAsync("DELETE", path, """{"preconditions":{"resourceVersion":"x"}}""");
        Assert.Equal((409, "Conflict"), (code, (string?)status["reason"]));
        Assert.Contains("the ResourceVersion in the precondition (x) does not match", (string?)status["message"]);
    }

    [Fact]
    public async Task An_object_without_a_name_is_refused_with_all_that_is_wrong_with_it()
    {
        var ns = await world.NamespaceAsync();
        var (code, status) = await world.SendAsync("POST", $"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"labels":{"a b":"c"}},"data":{"?":"x"}}""");
        Assert.Equal((422, "ConfigMap"), (code, (string?)status["details"]!["kind"]));
        Assert.Null(status["details"]!["name"]);
        Assert.Equal(["metadata.name", "metadata.labels", "data[?]"], status["details"]!["causes"]!.AsArray().Select(cause => (string?)cause!["field"]));
    }

    [Fact]
    public async Task Creating_without_a_namespace_is_not_allowed()
    {
        var (code, status) = await world.SendAsync("POST", "/api/v1/pods", "{}");
        Assert.Equal((405, "MethodNotAllowed"), (code, (string?)status["reason"]));
    }
}
