using System.Text.Json;
using CsCheck;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Protobuf;
using GrainKube.Resources;
using GrainKube.Resources.Protobuf;
using Xunit;

namespace GrainKube.ApiServer.Tests.Protobuf;

public sealed class ProtobufFuzzTests
{
    private static readonly (string ApiVersion, string Kind)[] Kinds = [.. WireTable.Kinds];
    private static readonly string[] Captured = [.. KubectlCaptureTests.Captures().Select(row => (string)row[1])];

    [Fact]
    public void Any_bytes_become_JSON_or_a_refusal() =>
        Gen.Select(Gen.Int[0, Kinds.Length - 1], Gen.Byte.Array[0, 60])
            .Sample((kind, bytes) => IsJsonOrRefused(Wire.Body(Kinds[kind].ApiVersion, Kinds[kind].Kind, bytes)), iter: 20_000);

    [Fact]
    public void A_damaged_body_becomes_JSON_or_a_refusal() =>
        Gen.Select(Gen.Int[0, Captured.Length - 1], Gen.Int[0, 100_000], Gen.Byte, Gen.Bool)
            .Sample(
                (capture, at, value, cut) =>
                {
                    var body = Convert.FromBase64String(Captured[capture]);
                    body[at % body.Length] = value;
                    return IsJsonOrRefused(cut ? body[..(at % body.Length)] : body);
                },
                iter: 20_000);

    [Fact]
    public void Every_version_of_every_kind_that_clients_send_has_a_wire_form()
    {
        var missing = from definition in BuiltInResources.All
                      where definition.Verbs.Contains("create")
                      from version in definition.Versions
                      where WireTable.Find(version.ApiVersion, definition.Names.Kind) is null
                      select $"{version.ApiVersion} {definition.Names.Kind}";

        Assert.Empty(missing);
    }

    private static bool IsJsonOrRefused(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(ProtobufBody.ToJson(body, 1024 * 1024), new JsonDocumentOptions { MaxDepth = 1024 });
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (ApiException refused)
        {
            return refused.Status.Code is 400 or 413;
        }
    }
}
