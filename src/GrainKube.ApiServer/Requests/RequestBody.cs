using System.Buffers;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Yaml;
using GrainKube.ApiServer.Audit;
using GrainKube.ApiServer.Protobuf;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Requests;

/// <summary>Reads bodies, bounded.</summary>
internal static class RequestBody
{
    private const string Accepted = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    /// <summary>The whole body as text that can be read, see <see cref="BodyText"/>.</summary>
    /// <exception cref="ApiException">413.</exception>
    public static async Task<byte[]> ReadTextAsync(HttpRequest request, int limit) => BodyText.Readable(await ReadAsync(request, limit));

    /// <summary>The whole body as it came.</summary>
    /// <exception cref="ApiException">413.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, int limit)
    {
        if (request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.Buffer.Length > limit)
            {
                throw TooLarge(limit);
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The body as JSON: what came as YAML or protobuf is rewritten. An empty body stays empty.</summary>
    /// <exception cref="ApiException">400, 413, or 415 for another media type.</exception>
    public static async Task<byte[]> ReadJsonAsync(HttpRequest request, int limit) => (await ReadObjectAsync(request, limit)).Json;

    /// <summary>An object as JSON, and what its text said twice where that shows in the text alone (YAML).</summary>
    /// <exception cref="ApiException">400, 413, or 415 for another media type.</exception>
    public static async Task<(byte[] Json, string? Duplicates)> ReadObjectAsync(HttpRequest request, int limit)
    {
        var type = MediaType(request);
        if (type is not ("" or "application/json" or "application/yaml" or ProtobufBody.MediaType))
        {
            throw ApiException.UnsupportedMediaType($"the body of the request was in an unknown format - accepted media types include: {Accepted}");
        }

        var body = type == ProtobufBody.MediaType ? await ReadAsync(request, limit) : await ReadTextAsync(request, limit);
        string? duplicates = null;
        var json = body.Length == 0 ? body : type switch
        {
            "application/yaml" => YamlJson.Convert(body, out duplicates),
            ProtobufBody.MediaType => ProtobufBody.ToJson(body, limit),
            _ => body,
        };
        AuditEvent.Of(request.HttpContext)?.Requested(json);
        return (json, duplicates);
    }

    /// <summary>The media type without its parameters, lower case; empty where the client sent none.</summary>
    public static string MediaType(HttpRequest request)
    {
        var type = request.ContentType ?? "";
        var end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim().ToLowerInvariant();
    }

    private static ApiException TooLarge(int limit) => ApiException.TooLarge($"Request entity too large: limit is {limit}");
}
