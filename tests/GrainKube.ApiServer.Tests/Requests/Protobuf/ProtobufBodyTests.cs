using System.Text;
using CsCheck;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Requests.Protobuf;
using Xunit;

namespace GrainKube.ApiServer.Tests.Requests.Protobuf;

public sealed class ProtobufBodyTests
{
    [Fact]
    public void A_kind_becomes_json_without_the_zeros_that_nobody_said()
    {
        // metadata {name "a", namespace "", creationTimestamp zero}, data {"k": "v"}, immutable false (a pointer, so it was said)
        var metadata = Message(1, [.. Text(1, "a"), .. Text(3, ""), .. Message(8, [])]);
        var entry = Message(2, [.. Text(1, "k"), .. Text(2, "v")]);
        var json = ToJson("v1", "ConfigMap", [.. metadata, .. entry, 4 << 3, 0]);
        Assert.Equal("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"v"},"immutable":false}""", json);
    }

    [Fact]
    public void Parts_that_json_folds_into_their_parent_are_folded()
    {
        // spec.volumes[0] {name "v", configMap {name "c"}}
        var source = Message(2, Message(19, Message(1, Text(1, "c"))));
        var json = ToJson("v1", "Pod", Message(2, Message(1, [.. Text(1, "v"), .. source])));
        Assert.Equal("""{"apiVersion":"v1","kind":"Pod","spec":{"volumes":[{"name":"v","configMap":{"name":"c"}}]}}""", json);
    }

    [Fact]
    public void Times_and_ports_have_their_json_form()
    {
        // metadata.deletionTimestamp 2001-09-09T01:46:40Z; spec.ports[0].targetPort "http"
        var metadata = Message(1, Message(9, [1 << 3, 0x80, 0x94, 0xeb, 0xdc, 0x03]));
        var port = Message(2, Message(1, Message(4, [1 << 3, 1, .. Text(3, "http")])));
        Assert.Equal(
            """{"apiVersion":"v1","kind":"Service","metadata":{"deletionTimestamp":"2001-09-09T01:46:40Z"},"spec":{"ports":[{"targetPort":"http"}]}}""",
            ToJson("v1", "Service", [.. metadata, .. port]));
    }

    [Fact]
    public void A_kind_without_a_protobuf_form_is_refused() =>
        Assert.Equal(415, Assert.Throws<ApiException>(() => ToJson("example.com/v1", "Thing", [])).Status.Code);

    [Fact]
    public void Whatever_the_bytes_are_they_are_taken_or_refused() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            ProtobufBody.ToJson([.. "k8s\0"u8, .. Message(1, [.. Text(1, "v1"), .. Text(2, "Pod")]), .. Message(2, bytes)]);
            ProtobufBody.ToJson([.. "k8s\0"u8, .. bytes]);
        }
        catch (ApiException refused) when (refused.Status.Code is 400 or 415)
        {
        }
    });

    private static string ToJson(string apiVersion, string kind, byte[] raw) =>
        Encoding.UTF8.GetString(ProtobufBody.ToJson([.. "k8s\0"u8, .. Message(1, [.. Text(1, apiVersion), .. Text(2, kind)]), .. Message(2, raw)]));

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] bytes)
    {
        byte[] tag = field < 16 ? [(byte)((field << 3) | 2)] : [(byte)(((field << 3) | 2) | 0x80), (byte)(field >> 4)];
        return bytes.Length < 128 ? [.. tag, (byte)bytes.Length, .. bytes] : [.. tag, (byte)(bytes.Length | 0x80), (byte)(bytes.Length >> 7), .. bytes];
    }
}
