using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Protobuf;
using GrainKube.ApiServer.Tests.CustomResources;
using GrainKube.ApiServer.Tests.World;
using Xunit;
using static GrainKube.ApiServer.Tests.Protobuf.Wire;

namespace GrainKube.ApiServer.Tests.Protobuf;

[Collection(ApiCollection.Name)]
public sealed class ProtobufAnswerTests(ApiWorld world)
{
    private const string Binary = "application/vnd.kubernetes.protobuf";

    [Fact]
    public void Every_form_of_a_field_is_written_as_upstreams_clients_write_it()
    {
        AssertBytes(
            """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","creationTimestamp":"2024-02-29T12:00:01Z","labels":{"a":"b"},"generation":-1,"deletionTimestamp":null},
            "spec":{"volumes":[{"name":"tmp","emptyDir":{"sizeLimit":"1Gi"}}],"hostNetwork":true,
            "containers":[{"name":"c","livenessProbe":{"httpGet":{"port":"http"}},"readinessProbe":{"httpGet":{"port":80}}}]}}
            """,
            Body(
                "v1",
                "Pod",
                Bytes(1, Text(1, "p"), Number(7, ulong.MaxValue), Bytes(8, Number(1, 1709208001), Number(2, 0)), Entry(11, "a", Text(2, "b"))),
                Bytes(
                    2,
                    Bytes(1, Text(1, "tmp"), Bytes(2, Bytes(2, Bytes(2, Text(1, "1Gi"))))),
                    Bytes(2, Text(1, "c"), Bytes(10, Bytes(1, Bytes(2, Bytes(2, Number(1, 1), Text(3, "http"))))), Bytes(11, Bytes(1, Bytes(2, Bytes(2, Number(2, 80)))))),
                    Number(11, 1))));
        AssertBytes("""{"apiVersion":"v1","kind":"Secret","data":{"k":"AP8="}}""", Body("v1", "Secret", Entry(2, "k", Bytes(2, [0, 255]))));
        AssertBytes(
            """{"kind":"SecretList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"a"}},{"type":"x"}]}""",
            Body("v1", "SecretList", Bytes(1, Text(2, "7")), Bytes(2, Bytes(1, Text(1, "a"))), Bytes(2, Text(3, "x"))));
        AssertBytes(
            """{"apiVersion":"events.k8s.io/v1","kind":"Event","eventTime":"2024-02-29T12:00:01.000250Z"}""",
            Body("events.k8s.io/v1", "Event", Bytes(2, Number(1, 1709208001), Number(2, 250_000))));
    }

    [Fact]
    public async Task Who_takes_nothing_else_is_answered_in_protobuf()
    {
        var ns = await world.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps";
        using var made = await world.SendRawAsync("POST", path, Encoding.UTF8.GetBytes("""{"metadata":{"name":"a"},"data":{"k":"v"}}"""), accept: Binary);
        Assert.Equal("v", (string?)(await DecodedAsync(made, HttpStatusCode.Created))["data"]!["k"]);
        using var one = await world.SendRawAsync("GET", $"{path}/a", accept: Binary);
        Assert.Equal("a", (string?)(await DecodedAsync(one, HttpStatusCode.OK))["metadata"]!["name"]);
        using var metadata = await world.SendRawAsync("GET", $"{path}/a", accept: $"{Binary};as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
        Assert.Equal("PartialObjectMetadata", (string?)(await DecodedAsync(metadata, HttpStatusCode.OK))["kind"]);
        using var none = await world.SendRawAsync("GET", $"{path}/b", accept: Binary);
        Assert.Equal("configmaps \"b\" not found", (string?)(await DecodedAsync(none, HttpStatusCode.NotFound))["message"]);
        using var list = await world.SendRawAsync("GET", path, accept: Binary);
        Assert.Equal(Binary, list.Content.Headers.ContentType?.MediaType);
        Assert.Equal("k8s\0"u8.ToArray(), (await list.Content.ReadAsByteArrayAsync())[..4]);
    }

    [Fact]
    public async Task A_watch_sends_frames_with_their_length()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "a");
        using var answer = await world.SendRawAsync("GET", $"/api/v1/namespaces/{ns}/configmaps?watch=1", accept: Binary);
        Assert.Equal($"{Binary};stream=watch", answer.Content.Headers.ContentType?.ToString().Replace(" ", ""));
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var (type, item) = await NextAsync(stream);
        Assert.Equal(("ADDED", "a"), (type, (string?)item["metadata"]!["name"]));
        await world.SendAsync("PATCH", $"/api/v1/namespaces/{ns}/configmaps/a", """{"data":{"k":"v"}}""", "application/merge-patch+json");
        (type, item) = await NextAsync(stream);
        Assert.Equal(("MODIFIED", "v"), (type, (string?)item["data"]!["k"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?watch=1")]
    public async Task Custom_resources_have_no_such_form(string query)
    {
        var group = Crd.Group();
        await world.DefineAsync(Crd.Foo(group, "{ type: object }", ""));

        using var answer = await world.SendRawAsync("GET", $"/apis/{group}/v1/foos{query}", accept: Binary);

        Assert.Equal(HttpStatusCode.NotAcceptable, answer.StatusCode);
        Assert.Contains("only the following media types are accepted: application/json, application/yaml", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/vnd.kubernetes.protobuf,application/json")]
    [InlineData("application/vnd.kubernetes.protobuf, */*")]
    public async Task Who_takes_JSON_too_is_given_JSON(string accept) =>
        Assert.Equal("ConfigMapList", (string?)(await world.GetAsync("/api/v1/namespaces/default/configmaps", accept))["kind"]);

    private static void AssertBytes(string json, byte[] expected) =>
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(ProtobufAnswer.Encode(Encoding.UTF8.GetBytes(json))!));

    private static async Task<JsonObject> DecodedAsync(HttpResponseMessage answer, HttpStatusCode code)
    {
        Assert.Equal((code, Binary), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return Decoded(await answer.Content.ReadAsByteArrayAsync());
    }

    private static JsonObject Decoded(byte[] body) => JsonNode.Parse(ProtobufBody.ToJson(body, 1024 * 1024))!.AsObject();

    /// <summary>An event: 1 its type, 2 a message whose field 1 is the object.</summary>
    private static async Task<(string Type, JsonObject Item)> NextAsync(Stream stream)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, patience.Token);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(frame, patience.Token);
        var (type, item) = (Part(frame, 1), Part(frame, 2));
        return (Encoding.ASCII.GetString(type), Decoded(Part(item, 1)));
    }

    private static byte[] Part(byte[] message, int field)
    {
        var reader = new WireReader(message);
        while (reader.TryRead(out var value))
        {
            if (value.Field == field)
            {
                return value.In(message, "part").ToArray();
            }
        }

        return [];
    }
}
