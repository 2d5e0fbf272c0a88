using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using Xunit;

namespace GrainKube.Objects.Tests.Cache;

public sealed class StoredJsonTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static readonly ObjectKey Key = new("", "pods", "default", "web");

    [Theory]
    [InlineData(Trace)]
    [InlineData(null)]
    public void What_is_stored_is_json_and_comes_back_with_its_revision_and_without_the_trace(string? trace)
    {
        var item = (JsonObject)JsonNode.Parse("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"default","uid":"u-1"},"spec":{"text":"a<b>'ü'"}}""")!;
        var stored = StoredJson.Encode(item, trace);
        Assert.Equal(trace ?? "", ((string)JsonNode.Parse(stored)!["traceparent"]!).Trim());
        var read = StoredJson.Decode(Key, stored, 42);
        Assert.Equal(
            """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"default","uid":"u-1","resourceVersion":"42"},"spec":{"text":"a<b>'ü'"}}""",
            Encoding.UTF8.GetString(read.Json.Span));
        Assert.Equal((trace, 42L, "u-1"), (read.Header.TraceParent, read.Revision, read.Header.Uid));
        Assert.True(JsonNode.DeepEquals(item, StoredJson.Parse(stored, out var parsedTrace)));
        Assert.Equal(trace, parsedTrace);
    }

    [Fact]
    public void The_header_is_read_wherever_metadata_stands()
    {
        const string json = """
            {"spec":{"metadata":{"name":"not me"}},"metadata":{"labels":{"app":"web","q":"\"x\""},"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"rs","uid":"o-1","controller":true,"blockOwnerDeletion":true,"extra":[1]}],
            "finalizers":["a/b"],"annotations":{"uid":"no"},"name":"web","namespace":"default","generation":3,"creationTimestamp":"2026-01-02T03:04:05Z","deletionTimestamp":"2026-01-02T03:04:06Z",
            "deletionGracePeriodSeconds":30,"uid":"u-1"},"kind":"Pod","apiVersion":"v1"}
            """;
        var read = StoredJson.Decode(Key, Encoding.UTF8.GetBytes(json), 7);
        var header = read.Header;
        Assert.Equal(("Pod", "v1", "web", "default", "u-1", 3L, 30L), (header.Kind, header.ApiVersion, header.Name, header.Namespace, header.Uid, header.Generation, header.DeletionGracePeriodSeconds));
        Assert.Equal("\"x\"", header.Labels["q"]);
        Assert.Equal(new OwnerReference("apps/v1", "ReplicaSet", "rs", "o-1", true, true), header.Controller);
        Assert.Equal(["a/b"], header.Finalizers);
        Assert.Equal("7", (string)read.ToNode()["metadata"]!["resourceVersion"]!);
    }

    [Theory]
    [InlineData("""{"kind":"Pod"}""")]
    [InlineData("""{"metadata":[]}""")]
    [InlineData("""{"metadata":{"generation":"x"}}""")]
    [InlineData("""{"metadata":{"creationTimestamp":"yesterday"}}""")]
    [InlineData("nonsense")]
    public void What_is_no_object_is_said_to_be_none(string json) =>
        Assert.ThrowsAny<JsonException>(() => StoredJson.Decode(Key, Encoding.UTF8.GetBytes(json), 1));

    [Fact]
    public void Metadata_without_a_uid_gets_its_revision_too()
    {
        Assert.Equal("""{"metadata":{"resourceVersion":"5"}}""", Encoding.UTF8.GetString(StoredJson.Decode(Key, """{"metadata":{}}"""u8.ToArray(), 5).Json.Span));
        Assert.Equal("""{"metadata":{"resourceVersion":"5","name":"a"}}""", Encoding.UTF8.GetString(StoredJson.Decode(Key, """{"metadata":{"name":"a"}}"""u8.ToArray(), 5).Json.Span));
    }
}
