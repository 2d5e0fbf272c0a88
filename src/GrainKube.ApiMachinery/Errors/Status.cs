using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GrainKube.ApiMachinery.Errors;

/// <summary>The <c>meta/v1 Status</c> that a client receives in place of an object.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.Status")]
public sealed record Status
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>HTTP status code.</summary>
    [Id(0)] public required int Code { get; init; }

    /// <summary>Upstream's machine-readable reason, for example <c>AlreadyExists</c>; empty where upstream sends none.</summary>
    [Id(1)] public required string Reason { get; init; }

    /// <summary>What a person reads; kubectl prints it.</summary>
    [Id(2)] public required string Message { get; init; }
    [Id(3)] public string Name { get; init; } = "";
    [Id(4)] public string Group { get; init; } = "";

    /// <summary><c>details.kind</c>: the resource or the kind, as upstream fills it for this reason.</summary>
    [Id(5)] public string Kind { get; init; } = "";
    [Id(6)] public string Uid { get; init; } = "";
    [Id(7)] public IReadOnlyList<StatusCause> Causes { get; init; } = [];

    /// <summary>Zero means: not said.</summary>
    [Id(8)] public int RetryAfterSeconds { get; init; }

    /// <summary><c>metadata.continue</c>: how a list that can no longer be continued as it began goes on from there.</summary>
    [Id(9)] public string Continue { get; init; } = "";

    /// <summary>An answer that knows nothing of a resource (a route that is not there, a patch that does not fit): upstream sends <c>details</c> with it though they say nothing.</summary>
    [Id(10)] public bool IsGeneric { get; init; }

    /// <summary>True below 400: deletion answers with such a Status.</summary>
    public bool IsSuccess => Code < 400;

    /// <summary>The JSON form, one line, no newline at its end.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            Write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kind", "Status");
        json.WriteString("apiVersion", "v1");
        json.WriteStartObject("metadata");
        WriteIfAny(json, "continue", Continue);
        json.WriteEndObject();
        json.WriteString("status", IsSuccess ? "Success" : "Failure");
        WriteIfAny(json, "message", Message);
        WriteIfAny(json, "reason", Reason);
        WriteDetails(json);
        if (!IsSuccess)
        {
            json.WriteNumber("code", Code);
        }

        json.WriteEndObject();
    }

    private void WriteDetails(Utf8JsonWriter json)
    {
        if (!IsGeneric && Name.Length + Group.Length + Kind.Length + Uid.Length + Causes.Count + RetryAfterSeconds == 0)
        {
            return;
        }

        json.WriteStartObject("details");
        WriteIfAny(json, "name", Name);
        WriteIfAny(json, "group", Group);
        WriteIfAny(json, "kind", Kind);
        WriteIfAny(json, "uid", Uid);
        if (Causes.Count > 0)
        {
            json.WriteStartArray("causes");
            foreach (var cause in Causes)
            {
                json.WriteStartObject();
                WriteIfAny(json, "reason", cause.Reason);
                WriteIfAny(json, "message", cause.Message);
                WriteIfAny(json, "field", cause.Field);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (RetryAfterSeconds > 0)
        {
            json.WriteNumber("retryAfterSeconds", RetryAfterSeconds);
        }

        json.WriteEndObject();
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }
}
