using System.Text;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Protobuf;
using Xunit;
using static GrainKube.ApiServer.Tests.Protobuf.Wire;

namespace GrainKube.ApiServer.Tests.Protobuf;

public sealed class ProtobufBodyTests
{
    private const int Limit = 1024 * 1024;

    [Fact]
    public void Zero_values_stay_where_JSON_writes_them_and_go_where_it_does_not()
    {
        // replicas is a pointer, minReadySeconds and paused are omitted when zero
        var spec = Bytes(2, Number(1, 0), Number(5, 0), Number(7, 0), Bytes(4, Text(1, "")));

        AssertJson(
            """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":0,"strategy":{}}}""",
            Body("apps/v1", "Deployment", Bytes(1, Text(1, "web"), Text(2, ""), Bytes(8)), spec));
    }

    [Fact]
    public void Inlined_messages_stand_beside_the_fields_around_them()
    {
        var volume = Bytes(1, Text(1, "tmp"), Bytes(2, Bytes(2, Text(1, ""))));
        var probe = Bytes(10, Bytes(1, Bytes(2, Text(1, "/"), Bytes(2, Number(1, 1), Number(2, 0), Text(3, "http")))), Number(2, 0), Number(4, 5));

        AssertJson(
            """
            {"apiVersion":"v1","kind":"Pod","spec":{"volumes":[{"name":"tmp","emptyDir":{}}],
            "containers":[{"name":"c","livenessProbe":{"httpGet":{"path":"/","port":"http"},"periodSeconds":5}}]}}
            """,
            Body("v1", "Pod", Bytes(2, volume, Bytes(2, Text(1, "c"), probe))));
    }

    [Fact]
    public void Times_are_RFC_3339_and_the_zero_time_is_absent()
    {
        AssertJson(
            """{"apiVersion":"v1","kind":"Node","metadata":{"deletionTimestamp":"2024-02-29T12:00:01Z"}}""",
            Body("v1", "Node", Bytes(1, Bytes(8), Bytes(9, Number(1, 1709208001), Number(2, 999_999_999)))));
        AssertJson(
            """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","spec":{"renewTime":"2024-02-29T12:00:01.000250Z"}}""",
            Body("coordination.k8s.io/v1", "Lease", Bytes(2, Bytes(4, Number(1, 1709208001), Number(2, 250_999)))));
        AssertJson(
            """{"apiVersion":"v1","kind":"Node","metadata":{"deletionTimestamp":"1969-12-31T23:59:59Z"}}""",
            Body("v1", "Node", Bytes(1, Bytes(9, Number(1, ulong.MaxValue)))));
    }

    [Fact]
    public void Maps_hold_strings_bytes_quantities_and_lists_and_the_last_of_equal_keys_counts()
    {
        AssertJson(
            """{"apiVersion":"v1","kind":"Secret","data":{"k":"AP8=","empty":""}}""",
            Body("v1", "Secret", Entry(2, "k", Text(2, "old")), Entry(2, "k", Bytes(2, [0, 255])), Bytes(2, Text(1, "empty"))));
        AssertJson(
            """{"apiVersion":"v1","kind":"ResourceQuota","spec":{"hard":{"cpu":"500m","pods":"0"}}}""",
            Body("v1", "ResourceQuota", Bytes(2, Entry(1, "cpu", Bytes(2, Text(1, "500m"))), Bytes(1, Text(1, "pods")))));
        AssertJson(
            """{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{"extra":{"scopes":["a","b"]}}}""",
            Body("authorization.k8s.io/v1", "SubjectAccessReview", Bytes(2, Entry(5, "scopes", Bytes(2, Text(1, "a"), Text(1, "b"))))));
    }

    [Fact]
    public void Fields_may_come_in_any_order_and_in_parts()
    {
        AssertJson(
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"last","labels":{"a":"b","c":"d"}},"data":{"k":"v"}}""",
            Body(
                "v1",
                "ConfigMap",
                Entry(2, "k", Text(2, "v")),
                Bytes(1, Text(1, "first"), Entry(11, "a", Text(2, "b"))),
                Number(999, 5),
                Bytes(1, Entry(11, "c", Text(2, "d")), Text(1, "last"))));
    }

    [Fact]
    public void Numbers_of_a_list_may_be_packed()
    {
        var expected = """{"apiVersion":"v1","kind":"Pod","spec":{"securityContext":{"supplementalGroups":[1,300]}}}""";

        AssertJson(expected, Body("v1", "Pod", Bytes(2, Bytes(14, Number(4, 1), Number(4, 300)))));
        AssertJson(expected, Body("v1", "Pod", Bytes(2, Bytes(14, Bytes(4, [1, 0xAC, 0x02])))));
    }

    [Fact]
    public void Schemas_that_are_one_thing_or_another_become_that_thing()
    {
        var properties = Entry(29, "a", Bytes(2, Text(5, "string"), Bytes(8, Text(1, "{\"x\": 1}")), Double(9, 1.5)));
        var schema = Bytes(1, properties, Bytes(30, Number(1, 0)), Bytes(24, Bytes(1, Text(5, "integer"))), Entry(32, "d", Bytes(2, Text(2, "e"))));
        var version = Bytes(7, Text(1, "v1"), Number(2, 0), Bytes(4, schema));

        AssertJson(
            """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","spec":{"versions":[{"name":"v1","served":false,"schema":{"openAPIV3Schema":
            {"items":{"type":"integer"},"properties":{"a":{"type":"string","default":{"x": 1},"maximum":1.5}},"additionalProperties":false,"dependencies":{"d":["e"]}}}}]}}
            """,
            Body("apiextensions.k8s.io/v1", "CustomResourceDefinition", Bytes(2, version)));
    }

    [Fact]
    public void Embedded_objects_may_be_JSON_or_an_envelope()
    {
        AssertJson(
            """{"apiVersion":"apps/v1","kind":"ControllerRevision","data":{"spec":null},"revision":0}""",
            Body("apps/v1", "ControllerRevision", Bytes(2, Text(1, "{\"spec\":null}")), Number(3, 0)));
        AssertJson(
            """{"apiVersion":"apps/v1","kind":"ControllerRevision","data":{"apiVersion":"v1","kind":"Pod"}}""",
            Body("apps/v1", "ControllerRevision", Bytes(2, Bytes(1, Body("v1", "Pod")))));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("apps/v1")]
    [InlineData("meta.k8s.io/v1")]
    public void DeleteOptions_belong_to_every_group(string apiVersion)
    {
        AssertJson(
            $$"""{"apiVersion":"{{apiVersion}}","kind":"DeleteOptions","gracePeriodSeconds":0,"preconditions":{"uid":"u"},"propagationPolicy":"Orphan"}""",
            Body(apiVersion, "DeleteOptions", Number(1, 0), Bytes(2, Text(1, "u")), Text(4, "Orphan")));
    }

    [Fact]
    public void What_cannot_be_read_is_a_bad_request()
    {
        AssertBad("{\"kind\":\"Pod\"}"u8.ToArray(), "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        AssertBad("k8s\0"u8.ToArray(), "Object 'Kind' is missing in the type of the protobuf message");
        AssertBad(Body("example.com/v1", "Toy"), "no kind \"Toy\" is registered for version \"example.com/v1\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"");
        AssertBad(Body("v1", "PodSpec"), "no kind \"PodSpec\" is registered for version \"v1\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"");
        AssertBad(Body("v1", "Pod", Number(1, 3)), "proto: wrong wireType = 0 for field metadata");
        AssertBad(Body("v1", "Pod", Bytes(1, [0x0A, 0x05])), "unexpected EOF");
        AssertBad(Body("apps/v1", "ControllerRevision", Bytes(2, Text(1, "{nonsense"))), null);
        AssertBad(Body("v1", "Node", Bytes(1, Bytes(9, Number(1, long.MaxValue)))), "Time.MarshalJSON: year outside of range [0,9999]");
    }

    [Fact]
    public void Nesting_without_end_is_a_bad_request()
    {
        var schema = Text(5, "string");
        for (var i = 0; i < 2000; i++)
        {
            schema = Bytes(28, schema);
        }

        AssertBad(Body("apiextensions.k8s.io/v1", "CustomResourceDefinition", Bytes(2, Bytes(7, Bytes(4, Bytes(1, schema))))), "exceeded max depth");
    }

    [Fact]
    public void Few_bytes_cannot_become_much_JSON()
    {
        var containers = Join([.. Enumerable.Repeat(Bytes(2, Bytes(8)), 5000)]);

        var refused = Assert.Throws<ApiException>(() => ProtobufBody.ToJson(Body("v1", "Pod", Bytes(2, containers)), limit: 1000));

        Assert.Equal(413, refused.Status.Code);
    }

    private static void AssertJson(string expected, byte[] body) =>
        Assert.Equal(expected.ReplaceLineEndings(""), Encoding.UTF8.GetString(ProtobufBody.ToJson(body, Limit)));

    private static void AssertBad(byte[] body, string? message)
    {
        var refused = Assert.Throws<ApiException>(() => ProtobufBody.ToJson(body, Limit));

        Assert.Equal(400, refused.Status.Code);
        Assert.Equal(message ?? refused.Message, refused.Message);
    }
}
