using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Tests.Schemas;

public class ObjectDecoderTests
{
    private const string Handled = "Pod in version \"v1\" cannot be handled as a Pod: ";

    [Theory]
    [InlineData("""{"spec":{"containers":{}}}""", "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container")]
    [InlineData("""{"spec":{"containers":[5]}}""", "json: cannot unmarshal number into Go struct field PodSpec.spec.containers of type v1.Container")]
    [InlineData("""{"spec":{"containers":[{"name":5}]}}""", "json: cannot unmarshal number into Go struct field Container.spec.containers.name of type string")]
    [InlineData("""{"spec":{"containers":[{"ports":[{"containerPort":"80"}]}]}}""", "json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32")]
    [InlineData("""{"spec":{"containers":[{"ports":[{"containerPort":80.5}]}]}}""", "json: cannot unmarshal number 80.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32")]
    [InlineData("""{"spec":{"containers":[{"ports":[{"containerPort":99999999999}]}]}}""", "json: cannot unmarshal number 99999999999 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32")]
    [InlineData("""{"spec":{"activeDeadlineSeconds":1e3}}""", "json: cannot unmarshal number 1e3 into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64")]
    [InlineData("""{"metadata":{"labels":{"a":1}}}""", "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string")]
    [InlineData("""{"metadata":{"labels":[]}}""", "json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string")]
    [InlineData("""{"metadata":"x"}""", "json: cannot unmarshal string into Go struct field Pod.metadata of type v1.ObjectMeta")]
    [InlineData("""{"spec":{"hostNetwork":"yes"}}""", "json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool")]
    [InlineData("""{"spec":{"containers":[{"requests":{"cpu":"1x"}}]}}""", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("""{"spec":{"containers":[{"requests":{"cpu":true}}]}}""", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("""{"spec":{"containers":[{"port":true}]}}""", "json: cannot unmarshal bool into Go value of type int32")]
    [InlineData("""{"spec":{"containers":[{"port":1.5}]}}""", "json: cannot unmarshal number 1.5 into Go value of type int32")]
    [InlineData("""{"metadata":{"creationTimestamp":5}}""", "json: cannot unmarshal number into Go value of type string")]
    [InlineData("""{"metadata":{"creationTimestamp":"yesterday"}}""", "parsing time \"yesterday\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"yesterday\" as \"2006\"")]
    [InlineData("""{"renewed":"2020-01-01T00:00:00Z"}""", "parsing time \"2020-01-01T00:00:00Z\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \"Z\" as \".000000\"")]
    [InlineData("""{"data":{"x":"%%"}}""", "illegal base64 data at input byte 0")]
    public void Wrong_types_are_refused_in_the_words_of_the_decoder(string json, string complaint)
    {
        var refused = Assert.Throws<ApiException>(() => Decode(json));
        Assert.Equal(400, refused.Status.Code);
        Assert.Equal(Handled + complaint, refused.Message);
    }

    [Theory]
    [InlineData("{\"metadata\":{\"name\":\"b\"", "unexpected end of JSON input ({\"metadata\":{\"name\":\"b\")")]
    [InlineData("{\"metadata\":{\"name\":\"b\"}} x", "invalid character 'x' after top-level value ({\"metadata\":{\"name\":\"b\"}} x)")]
    [InlineData("hello", "invalid character 'h' looking for beginning of value (68656c6c6f)")]
    [InlineData("", "unexpected end of JSON input (<empty>)")]
    [InlineData("{a:1}", "invalid character 'a' looking for beginning of object key string ({a:1})")]
    [InlineData("{\"a\":tru}", "invalid character '}' in literal true (expecting 'e') ({\"a\":tru})")]
    [InlineData("{\"a\":1,}", "invalid character '}' looking for beginning of object key string ({\"a\":1,})")]
    [InlineData("[]", "json: cannot unmarshal array into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" } (5b5d)")]
    public void What_is_no_object_is_refused(string body, string complaint)
    {
        var refused = Assert.Throws<ApiException>(() => Decode(body));
        Assert.Equal("the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: " + complaint, refused.Message);
    }

    [Theory]
    [InlineData("""{"kind":"ConfigMap","apiVersion":"v1"}""", "ConfigMap in version \"v1\" cannot be handled as a Pod: no kind \"ConfigMap\" is registered for version \"v1\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"")]
    [InlineData("""{"kind":"Pod","apiVersion":"v2"}""", "the API version in the data (v2) does not match the expected API version (v1)")]
    public void Another_kind_is_refused(string json, string complaint) =>
        Assert.Equal(complaint, Assert.Throws<ApiException>(() => Decode(json)).Message);

    [Fact]
    public void Absent_version_and_kind_are_filled_in() =>
        Assert.Equal("""{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"}}""", Decode("""{"metadata":{"name":"a"}}""").ToJsonString());

    [Fact]
    public void Unknown_and_duplicate_fields_are_dropped_and_told()
    {
        List<string> strict = [];
        var pod = Decode("""{"kind":"Pod","apiVersion":"v1","Spec":{},"spec":{"foo":{"x":[1]},"hostNetwork":true,"hostNetwork":false,"containers":[{"name":"a","bar":1}],"nodeSelector":{"a":"1","a":"2"}}}""", strict);
        Assert.Equal(
            ["unknown field \"Spec\"", "unknown field \"spec.foo\"", "duplicate field \"spec.hostNetwork\"", "unknown field \"spec.containers[0].bar\"", "duplicate field \"spec.nodeSelector.a\""],
            strict);
        Assert.Equal("""{"kind":"Pod","apiVersion":"v1","spec":{"hostNetwork":false,"containers":[{"name":"a"}],"nodeSelector":{"a":"2"}}}""", pod.ToJsonString());
        Assert.Equal(
            Handled + "strict decoding error: unknown field \"Spec\", unknown field \"spec.foo\"",
            ObjectDecoder.StrictError(PodSchema.Target, strict[..2]).Message);
    }

    [Fact]
    public void A_struct_that_comes_twice_is_merged() =>
        Assert.Equal(
            """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"b","labels":{"x":"y"}}}""",
            Decode("""{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","labels":{"x":"y"}},"metadata":{"name":"b"}}""").ToJsonString());

    [Fact]
    public void Nulls_mean_absent_in_structs_and_zero_in_maps_and_lists()
    {
        var pod = Decode("""{"kind":"Pod","apiVersion":"v1","metadata":{"labels":null},"spec":{"nodeSelector":{"a":null},"containers":[{"args":["a",null],"requests":{"cpu":null}},null]},"raw":{"a":null}}""");
        Assert.Equal(
            """{"kind":"Pod","apiVersion":"v1","metadata":{},"spec":{"nodeSelector":{"a":""},"containers":[{"args":["a",""],"requests":{"cpu":"0"}},{}]},"raw":{"a":null}}""",
            pod.ToJsonString());
    }

    [Fact]
    public void Empty_lists_and_maps_are_left_out() =>
        Assert.Equal(
            """{"kind":"Pod","apiVersion":"v1","metadata":{},"spec":{}}""",
            Decode("""{"kind":"Pod","apiVersion":"v1","metadata":{"labels":{}},"spec":{"containers":[]}}""").ToJsonString());

    [Fact]
    public void Quantities_and_times_get_their_canonical_form()
    {
        var pod = Decode("""{"kind":"Pod","apiVersion":"v1","metadata":{"creationTimestamp":"2024-05-01T10:00:00.5+02:00"},"spec":{"containers":[{"requests":{"cpu":"1000m","memory":"1024Mi","x":0.5,"y":2}}]},"renewed":"2024-05-01T10:00:00.123456+02:00"}""");
        Assert.Equal(
            """{"kind":"Pod","apiVersion":"v1","metadata":{"creationTimestamp":"2024-05-01T08:00:00Z"},"spec":{"containers":[{"requests":{"cpu":"1","memory":"1Gi","x":"500m","y":"2"}}]},"renewed":"2024-05-01T08:00:00.123456Z"}""",
            pod.ToJsonString());
    }

    [Fact]
    public void Integers_can_be_read_as_any_integer_type()
    {
        var pod = Decode("""{"spec":{"activeDeadlineSeconds":30,"containers":[{"port":8080}]}}""");
        Assert.Equal(30, pod["spec"]!["activeDeadlineSeconds"]!.GetValue<int>());
        Assert.Equal(30L, pod["spec"]!["activeDeadlineSeconds"]!.GetValue<long>());
        Assert.Equal(8080L, pod["spec"]!["containers"]![0]!["port"]!.GetValue<long>());
    }

    [Fact]
    public void Broken_unicode_is_replaced()
    {
        byte[] body = [.. "{\"metadata\":{\"name\":\"a"u8, 0xff, .. "\\ud800b\"}}"u8];
        Assert.Equal("a\ufffd\ufffdb", ObjectDecoder.Decode(body, PodSchema.Value, PodSchema.Target)["metadata"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public void A_patch_whose_result_does_not_fit_is_invalid()
    {
        var patched = JsonNode.Parse("""{"kind":"Pod","apiVersion":"v1","spec":"x"}""")!;
        var refused = Assert.Throws<ApiException>(() => ObjectDecoder.DecodePatched(patched, PodSchema.Value, PodSchema.Target));
        Assert.Equal(422, refused.Status.Code);
        Assert.Equal(
            " \"\" is invalid: patch: Invalid value: \"{\\\"kind\\\":\\\"Pod\\\",\\\"apiVersion\\\":\\\"v1\\\",\\\"spec\\\":\\\"x\\\"}\": json: cannot unmarshal string into Go struct field Pod.spec of type v1.PodSpec",
            refused.Message);
    }

    [Theory]
    [InlineData("""{"spec":"x"}""", "map[spec:x]", "cannot restore struct from: string")]
    [InlineData("""{"spec":{"containers":{}}}""", "map[spec:map[containers:map[]]]", "cannot restore slice from map")]
    [InlineData("""{"spec":{"nodeSelector":[]}}""", "map[spec:map[nodeSelector:[]]]", "cannot restore map from slice")]
    [InlineData("""{"spec":{"nodeSelector":{"a":1}}}""", "map[spec:map[nodeSelector:map[a:1]]]", "cannot convert int64 to string")]
    [InlineData("""{"spec":{"activeDeadlineSeconds":"x"}}""", "map[spec:map[activeDeadlineSeconds:x]]", "unrecognized type: int64")]
    [InlineData("""{"spec":{"activeDeadlineSeconds":1.5}}""", "map[spec:map[activeDeadlineSeconds:1.5]]", "cannot convert float64 to int64")]
    [InlineData("""{"spec":{"hostNetwork":1}}""", "map[spec:map[hostNetwork:1]]", "unrecognized type: bool")]
    [InlineData("""{"renewed":"x"}""", "map[renewed:x]", "parsing time \"x\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \"x\" as \"2006\"")]
    public void A_strategic_merge_that_does_not_fit_is_shown_as_it_was_sent(string patch, string shown, string complaint)
    {
        var strategic = JsonNode.Parse(patch)!;
        var refused = Assert.Throws<ApiException>(() => ObjectDecoder.DecodePatched(strategic.DeepClone(), PodSchema.Value, PodSchema.Target, strategic: strategic));
        Assert.Equal(422, refused.Status.Code);
        Assert.Equal($" \"\" is invalid: patch: Invalid value: \"{shown}\": {complaint}", refused.Message);
    }

    [Fact]
    public void A_strategic_merge_cannot_change_the_kind() => Assert.Equal(
        "Pod",
        ObjectDecoder.DecodePatched(JsonNode.Parse("""{"kind":"X"}""")!, PodSchema.Value, PodSchema.Target, strategic: new JsonObject { ["kind"] = "X" })["kind"]!.GetValue<string>());

    [Fact]
    public void Null_is_an_object_of_which_nothing_is_said() => Assert.Equal("Pod", ObjectDecoder.Decode("null"u8, PodSchema.Value, PodSchema.Target)["kind"]!.GetValue<string>());

    [Fact]
    public void The_operations_of_a_JSON_patch_are_checked_for_strange_and_repeated_fields()
    {
        var strict = new List<string>();
        var patch = ObjectDecoder.ParseJsonPatch("""[{"op":"add","path":"/a","foo":1},{"op":"add","path":"/a","path":"/b","value":[]}]"""u8, strict);
        Assert.Equal(["json patch unknown field \"[0].foo\"", "json patch duplicate field \"[1].path\""], strict);
        Assert.Equal("""[{"op":"add","path":"/a"},{"op":"add","path":"/b","value":[]}]""", patch!.ToJsonString());
    }

    [Fact]
    public void Of_a_custom_resource_duplicates_come_first_and_unknown_fields_sorted()
    {
        var schema = new Schema { Type = SchemaType.Object, Properties = new Dictionary<string, Schema> { ["b"] = new() { Type = SchemaType.Integer } } };
        var strict = new List<string>();
        ObjectDecoder.Decode("""{"z":{"q":1,"q":2},"z":1,"a":1,"b":1,"b":2}"""u8, schema, strict);
        Assert.Equal(["duplicate field \"z.q\"", "duplicate field \"z\"", "duplicate field \"b\"", "unknown field \"a\"", "unknown field \"z\""], strict);
    }

    [Fact]
    public void A_custom_resource_is_pruned_and_its_types_are_left_to_validation()
    {
        var number = new Schema { Type = SchemaType.Integer };
        var schema = new Schema
        {
            Type = SchemaType.Object,
            Properties = new Dictionary<string, Schema>
            {
                ["spec"] = new Schema { Type = SchemaType.Object, Properties = new Dictionary<string, Schema> { ["size"] = number } },
                ["free"] = new Schema { Type = SchemaType.Object, PreserveUnknownFields = true },
            },
        };
        List<string> strict = [];
        var item = ObjectDecoder.Decode("""{"spec":{"size":"x","color":1},"free":{"a":{"b":[]}}}"""u8, schema, strict);
        Assert.Equal("""{"spec":{"size":"x"},"free":{"a":{"b":[]}}}""", item.ToJsonString());
        Assert.Equal(["unknown field \"spec.color\""], strict);
    }

    [Fact]
    public void Of_many_members_that_come_twice_the_last_counts_where_the_first_stood()
    {
        var names = Enumerable.Range(0, 100).Select(i => $"m{i}").ToList();
        var json = $$"""{"raw":{{{string.Join(",", names.Concat(names).Select((n, i) => $$"""
            "{{n}}":{"at":{{i}},"in":{"at":1} }
            """))}}} }""";
        List<string> strict = [];

        var raw = (JsonObject)Decode(json, strict)["raw"]!;

        Assert.Equal(names, raw.Select(m => m.Key));
        Assert.Equal(Enumerable.Range(100, 100), raw.Select(m => (int)m.Value!["at"]!));
        Assert.Equal("duplicate field \"raw.m0\"", strict[0]);
        Assert.Equal(100, strict.Count);
    }

    [Fact]
    public void A_struct_that_comes_twice_keeps_what_the_first_one_said()
    {
        var item = Decode("""{"spec":{"hostNetwork":true,"strategy":{"type":"a"}},"metadata":{"name":"x"},"spec":{"activeDeadlineSeconds":5,"strategy":{"rollingUpdate":{"maxSurge":"1"}}}}""");
        Assert.Equal(
            """{"hostNetwork":true,"strategy":{"type":"a","rollingUpdate":{"maxSurge":"1"}},"activeDeadlineSeconds":5}""",
            item["spec"]!.ToJsonString());
    }

    [Fact]
    public void What_could_not_be_decoded_leaves_nothing_behind()
    {
        Assert.Throws<ApiException>(() => Decode("""{"spec":{"nodeSelector":{"a":"b"},"containers":[{"name":"x","requests":{"cpu":"1x"}}]}}"""));
        Assert.Equal("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"y"}}""", Decode("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"y"}}""").ToJsonString());
    }

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.Contains(
            "exceeded max depth",
            Assert.Throws<ApiException>(() => Decode("{\"raw\":" + new string('[', 5000) + new string(']', 5000) + "}")).Message,
            StringComparison.Ordinal);

    private static JsonObject Decode(string json, IList<string>? strict = null) =>
        ObjectDecoder.Decode(Encoding.UTF8.GetBytes(json), PodSchema.Value, PodSchema.Target, strict);
}
