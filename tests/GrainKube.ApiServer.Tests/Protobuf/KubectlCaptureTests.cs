using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Protobuf;
using Xunit;

namespace GrainKube.ApiServer.Tests.Protobuf;

/// <summary>Bodies that kubectl 1.33 sent, beside what the same command prints as JSON.</summary>
public sealed class KubectlCaptureTests
{
    public static TheoryData<string, string, string> Captures()
    {
        var data = new TheoryData<string, string, string>();
        using var reader = new StreamReader(typeof(KubectlCaptureTests).Assembly.GetManifestResourceStream("captures/kubectl-1.33")!);
        while (reader.ReadLine()?.Split('\t') is [var command, var body, var json])
        {
            data.Add(command, body, json);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void The_protobuf_of_a_command_says_what_its_JSON_says(string command, string body, string json)
    {
        var decoded = JsonNode.Parse(ProtobufBody.ToJson(Convert.FromBase64String(body), 1024 * 1024));

        Assert.True(JsonNode.DeepEquals(WithoutNulls(JsonNode.Parse(json)), decoded), $"kubectl {command}: {decoded!.ToJsonString()}");
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void What_was_said_in_JSON_comes_back_from_protobuf(string command, string body, string json)
    {
        var encoded = ProtobufAnswer.Encode(Encoding.UTF8.GetBytes(json))!;
        var back = JsonNode.Parse(ProtobufBody.ToJson(encoded, 1024 * 1024));

        Assert.True(JsonNode.DeepEquals(WithoutNulls(JsonNode.Parse(json)), back), $"kubectl {command}: {back!.ToJsonString()}");
        Assert.InRange(encoded.Length, 1, Convert.FromBase64String(body).Length); // the client also sends zeros
    }

    private static JsonNode? WithoutNulls(JsonNode? node) => node switch
    {
        JsonObject item => new JsonObject(item.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, WithoutNulls(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(WithoutNulls)]),
        _ => node?.DeepClone(),
    };
}
