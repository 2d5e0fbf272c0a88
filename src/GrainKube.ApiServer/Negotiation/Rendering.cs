using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using GrainKube.ApiMachinery.Yaml;
using GrainKube.ApiServer.Protobuf;
using GrainKube.ApiServer.Requests;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Negotiation;

/// <summary>How the JSON of an answer is written out.</summary>
internal enum Rendering
{
    /// <summary>As it lies ready.</summary>
    Compact,

    /// <summary>Indented, for people: where the client asks for it, or is a browser or a tool of the command line.</summary>
    Pretty,

    Yaml,

    /// <summary>Upstream's binary form.</summary>
    Protobuf,
}

/// <summary>Finds out how an answer is to be written, and writes it.</summary>
internal static class Renderings
{
    public const string Json = "application/json";
    public const string Yaml = "application/yaml";
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Rendering Of(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (!Accept.IsPlain(accept))
        {
            foreach (var clause in Accept.Clauses(accept))
            {
                var parts = clause.Split(';', StringSplitOptions.TrimEntries);
                switch (parts[0])
                {
                    case Yaml:
                        return Rendering.Yaml;
                    case Json or "application/*" or "*/*":
                        return parts.Contains("pretty=1") || IsForPeople(request) ? Rendering.Pretty : Rendering.Compact;
                }
            }

            if (Accept.Clauses(accept).Any(Accept.IsBinary))
            {
                return Rendering.Protobuf;
            }
        }

        return IsForPeople(request) ? Rendering.Pretty : Rendering.Compact;
    }

    /// <summary>The bytes of an answer in JSON, written anew, and their type. What has no binary form stays JSON: the client asked for it by mistake, and reads what it gets by its type.</summary>
    public static (ReadOnlyMemory<byte> Body, string MediaType) Render(ReadOnlyMemory<byte> json, Rendering rendering)
    {
        switch (rendering)
        {
            case Rendering.Yaml:
                return (JsonYaml.Convert(json), Yaml);
            case Rendering.Protobuf when ProtobufAnswer.Encode(json) is { } encoded:
                return (encoded, ProtobufBody.MediaType);
            case Rendering.Pretty:
                var buffer = new ArrayBufferWriter<byte>(json.Length * 2);
                using (var document = JsonDocument.Parse(json))
                using (var writer = new Utf8JsonWriter(buffer, Indented))
                {
                    document.WriteTo(writer);
                }

                return (buffer.WrittenMemory, Json);
            default:
                return (json, Json);
        }
    }

    private static bool IsForPeople(HttpRequest request)
    {
        if (request.QueryString.HasValue && request.QueryString.Value.Contains("pretty", StringComparison.Ordinal) && request.Query.First("pretty") is { Length: > 0 } pretty)
        {
            return pretty is "1" or "t" or "T" or "true" or "TRUE" or "True";
        }

        return request.Headers.UserAgent is [{ } agent]
            && (agent.StartsWith("curl", StringComparison.Ordinal) || agent.StartsWith("Wget", StringComparison.Ordinal) || agent.StartsWith("Mozilla/5.0", StringComparison.Ordinal));
    }
}
