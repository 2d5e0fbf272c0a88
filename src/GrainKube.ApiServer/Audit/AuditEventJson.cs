using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GrainKube.ApiServer.Audit;

/// <summary>Events as upstream's log has them, members in the same order.</summary>
internal static class AuditEventJson
{
    private const int LongestAgent = 1024;
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ReadOnlyMemory<byte> Write(AuditEvent audit, AuditStages stage, DateTimeOffset now)
    {
        var line = new ArrayBufferWriter<byte>(1024 + audit.RequestObject.Length + audit.ResponseObject.Length);
        using var json = new Utf8JsonWriter(line, Relaxed);
        var (http, info) = (audit.Http, audit.State.Info);
        json.WriteStartObject();
        json.WriteString("kind"u8, "Event"u8);
        json.WriteString("apiVersion"u8, "audit.k8s.io/v1"u8);
        json.WriteString("level"u8, NameOf(audit.Decision.Level));
        json.WriteString("auditID"u8, audit.State.AuditId);
        json.WriteString("stage"u8, NameOf(stage));
        json.WriteString("requestURI"u8, http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "");
        json.WriteString("verb"u8, info.Verb);
        json.WritePropertyName("user"u8);
        WriteUser(json, audit.User);
        if (audit.State.User is { } acting && !ReferenceEquals(acting, audit.User))
        {
            json.WritePropertyName("impersonatedUser"u8);
            WriteUser(json, acting);
        }

        WriteClient(json, http);
        if (info.IsResourceRequest)
        {
            WriteReference(json, info, audit.BodyName);
        }

        WriteStatus(json, audit);
        WriteRaw(json, "requestObject"u8, audit.RequestObject);
        if (stage == AuditStages.ResponseComplete)
        {
            WriteRaw(json, "responseObject"u8, audit.ResponseObject);
        }

        WriteTime(json, "requestReceivedTimestamp"u8, audit.ReceivedAt);
        WriteTime(json, "stageTimestamp"u8, now);
        if (audit.Annotations.Count > 0)
        {
            json.WriteStartObject("annotations"u8);
            foreach (var (key, value) in audit.Annotations)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return line.WrittenMemory;
    }

    private static string NameOf(AuditLevel level) => level switch
    {
        AuditLevel.Metadata => nameof(AuditLevel.Metadata),
        AuditLevel.Request => nameof(AuditLevel.Request),
        AuditLevel.RequestResponse => nameof(AuditLevel.RequestResponse),
        _ => nameof(AuditLevel.None),
    };

    private static string NameOf(AuditStages stage) => stage switch
    {
        AuditStages.RequestReceived => nameof(AuditStages.RequestReceived),
        AuditStages.ResponseStarted => nameof(AuditStages.ResponseStarted),
        AuditStages.ResponseComplete => nameof(AuditStages.ResponseComplete),
        _ => nameof(AuditStages.Panic),
    };

    private static void WriteUser(Utf8JsonWriter json, UserInfo? user)
    {
        json.WriteStartObject();
        if (user is not null)
        {
            json.WriteString("username"u8, user.Name);
            if (user.Uid.Length > 0)
            {
                json.WriteString("uid"u8, user.Uid);
            }

            WriteList(json, "groups", user.Groups);
            if (user.Extra.Count > 0)
            {
                json.WriteStartObject("extra"u8);
                foreach (var (key, values) in user.Extra)
                {
                    WriteList(json, key, values);
                }

                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    private static void WriteClient(Utf8JsonWriter json, HttpContext http)
    {
        WriteList(json, "sourceIPs", [.. Sources(http)]);
        var agent = http.Request.Headers.UserAgent.ToString();
        if (agent.Length > 0)
        {
            json.WriteString("userAgent"u8, agent.Length > LongestAgent ? agent[..LongestAgent] + "...TRUNCATED" : agent);
        }
    }

    /// <summary>The client as proxies before us tell it, then as we see it. All but the last may be made up.</summary>
    private static IEnumerable<string> Sources(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (!headers.ContainsKey("X-Forwarded-For") && !headers.ContainsKey("X-Real-Ip"))
        {
            return http.Connection.RemoteIpAddress is { } address ? [address.ToString()] : [];
        }

        var told = headers["X-Forwarded-For"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Append(headers["X-Real-Ip"].ToString()).Where(text => System.Net.IPAddress.TryParse(text, out _));
        return told.Append(http.Connection.RemoteIpAddress?.ToString() ?? "").Where(text => text.Length > 0).Distinct(StringComparer.Ordinal);
    }

    private static void WriteReference(Utf8JsonWriter json, RequestInfo info, string bodyName)
    {
        json.WriteStartObject("objectRef"u8);
        WriteText(json, "resource"u8, info.Resource);
        WriteText(json, "namespace"u8, info.Namespace);
        WriteText(json, "name"u8, info.Name.Length > 0 ? info.Name : bodyName);
        WriteText(json, "apiGroup"u8, info.ApiGroup);
        WriteText(json, "apiVersion"u8, info.ApiVersion);
        WriteText(json, "subresource"u8, info.Subresource);
        json.WriteEndObject();
    }

    private static void WriteStatus(Utf8JsonWriter json, AuditEvent audit)
    {
        if (audit.Refusal is null && audit.Code == 0)
        {
            return;
        }

        json.WriteStartObject("responseStatus"u8);
        json.WriteStartObject("metadata"u8);
        json.WriteEndObject();
        if (audit.Refusal is { } refusal)
        {
            json.WriteString("status"u8, "Failure"u8);
            WriteText(json, "message"u8, refusal.Message);
            WriteText(json, "reason"u8, refusal.Reason);
        }

        json.WriteNumber("code"u8, audit.Refusal?.Code ?? audit.Code);
        json.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte> raw)
    {
        if (raw.Length > 0)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(raw.Span, skipInputValidation: true);
        }
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string text)
    {
        if (text.Length > 0)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset at)
    {
        Span<char> text = stackalloc char[32];
        at.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }
}
