using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Aggregation;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.OpenApi;

/// <summary>The OpenAPI 2 document with what other servers serve. Made when it is asked for, and again when something has changed; most clusters have nobody to ask.</summary>
internal sealed partial class ExtensionSwagger(OpenApiDocuments documents, ExtensionConnections connections, ILogger<ExtensionSwagger> log)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private volatile Made? made;

    public async ValueTask<byte[]> JsonAsync(ExtensionPicture others) => others.Source.HasExtensions ? (await WholeAsync(others)).Json : documents.V2Json;

    public async ValueTask<byte[]> ProtobufAsync(ExtensionPicture others) => others.Source.HasExtensions ? (await WholeAsync(others)).Protobuf.Value : documents.V2Protobuf;

    private async Task<Made> WholeAsync(ExtensionPicture others)
    {
        var ours = documents.V2Json;
        var now = made;
        if (now is not null && ReferenceEquals(now.Others, others) && ReferenceEquals(now.Ours, ours))
        {
            return now;
        }

        var whole = (JsonObject)JsonNode.Parse(ours)!;
        foreach (var server in others.Source.Extensions.Where(api => api.Available).GroupBy(api => api.Target!))
        {
            try
            {
                var answer = await connections.GetAsync(server.Key, "/openapi/v2", "application/json", CancellationToken.None);
                if (answer.Code == HttpStatusCode.OK && JsonNode.Parse(answer.Body) is JsonObject theirs)
                {
                    MergedSwagger.Add(whole, theirs, [.. server.Select(api => $"/apis/{api.Group}/{api.Version}")]);
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or JsonException or InvalidOperationException or ArgumentException or CryptographicException or IOException)
            {
                LogSilent(failure, server.Key.ServerName);
            }
        }

        return made = new Made(ours, others, JsonSerializer.SerializeToUtf8Bytes(whole, Relaxed), new(() => SwaggerProtobuf.Encode(whole)));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "OpenAPI 2 goes without what {Server} serves")]
    private partial void LogSilent(Exception failure, string server);

    private sealed record Made(byte[] Ours, ExtensionPicture Others, byte[] Json, Lazy<byte[]> Protobuf);
}
