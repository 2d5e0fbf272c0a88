using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Objects.Writes;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Requests;

/// <summary>What a delete asks for: from a <c>DeleteOptions</c> body, or where there is none from the query.</summary>
internal sealed record DeleteParameters(bool DryRun, long? GracePeriodSeconds, Preconditions? Preconditions, DeletePropagation Propagation, SentOptions Sent)
{
    /// <exception cref="ApiException">400, 413, 415 or 422.</exception>
    public static async Task<DeleteParameters> ReadAsync(HttpRequest request, int limit)
    {
        var body = await RequestBody.ReadJsonAsync(request, limit);
        var errors = new FieldErrors();
        var parameters = body.Length == 0 ? FromQuery(request.Query, errors) : FromBody(body, errors);
        return errors.IsEmpty ? parameters : throw ApiException.Invalid("meta.k8s.io", "DeleteOptions", "", errors);
    }

    private static DeleteParameters FromQuery(IQueryCollection query, FieldErrors errors)
    {
        bool? orphan = query.ContainsKey("orphanDependents") ? QueryBool.IsTrue(query["orphanDependents"]) : null;
        var policy = query.ContainsKey("propagationPolicy") ? query.First("propagationPolicy") : null;
        return new DeleteParameters(
            WriteParameters.IsDryRun(query["dryRun"]!, errors), query.Number("gracePeriodSeconds"), null, PropagationOf(policy, orphan, errors), SentOf(policy, orphan));
    }

    private static DeleteParameters FromBody(byte[] body, FieldErrors errors)
    {
        var options = Parse(body);
        if (Text(options, "kind") is { } kind && kind != "DeleteOptions")
        {
            throw ApiException.BadRequest("decoded object cannot be converted to DeleteOptions");
        }

        var preconditions = Member<JsonObject>(options, "preconditions", "Preconditions");
        var revision = preconditions is null ? null : Text(preconditions, "resourceVersion", "Preconditions", "preconditions.");
        var uid = preconditions is null ? null : Text(preconditions, "uid", "Preconditions", "preconditions.", "types.UID");
        var policy = Text(options, "propagationPolicy", type: "v1.DeletionPropagation");
        var orphan = Flag(options, "orphanDependents");
        return new DeleteParameters(
            WriteParameters.IsDryRun(Texts(options, "dryRun"), errors),
            Whole(options, "gracePeriodSeconds"),
            revision is null && uid is null ? null : PreconditionsOf(uid, revision),
            PropagationOf(policy, orphan, errors),
            SentOf(policy, orphan));
    }

    /// <summary>Revisions are compared as they are written: 007 is not 7.</summary>
    private static Preconditions PreconditionsOf(string? uid, string? revision) =>
        long.TryParse(revision, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == revision
            ? new Preconditions(uid, number)
            : new Preconditions(uid, RevisionText: revision);

    private static JsonObject Parse(byte[] body)
    {
        try
        {
            var options = ObjectDecoder.Parse(body, null);
            return options switch
            {
                null => [],
                JsonObject fields => fields,
                _ => throw ApiException.BadRequest($"couldn't get version/kind; json parse error: json: cannot unmarshal {KindOf(options)} into Go value of type struct "
                    + "{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }"),
            };
        }
        catch (DecodeException malformed)
        {
            throw ApiException.BadRequest($"couldn't get version/kind; json parse error: {malformed.Message}");
        }
    }

    private static string? Text(JsonObject item, string field, string of = "DeleteOptions", string path = "", string type = "string") => item[field] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        var other => throw Mistyped(other, of, path + field, type),
    };

    private static string?[] Texts(JsonObject item, string field) =>
        [.. (Member<JsonArray>(item, field, "string") ?? []).Select(value => value is null ? "" : value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw Mistyped(value, "DeleteOptions", field, "string"))];

    private static bool? Flag(JsonObject item, string field) => item[field] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValueKind() == JsonValueKind.True,
        var other => throw Mistyped(other, "DeleteOptions", field, "bool"),
    };

    private static long? Whole(JsonObject item, string field) => item[field] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? whole
            : throw ApiException.BadRequest($"json: cannot unmarshal number {value.ToJsonString()} into Go struct field DeleteOptions.{field} of type int64"),
        var other => throw Mistyped(other, "DeleteOptions", field, "int64"),
    };

    private static T? Member<T>(JsonObject item, string field, string type) where T : JsonNode => item[field] switch
    {
        null => null,
        T member => member,
        var other => throw Mistyped(other, "DeleteOptions", field, typeof(T) == typeof(JsonArray) ? $"[]{type}" : $"v1.{type}"),
    };

    private static ApiException Mistyped(JsonNode value, string of, string field, string type) =>
        ApiException.BadRequest($"json: cannot unmarshal {KindOf(value)} into Go struct field {of}.{field} of type {type}");

    private static string KindOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "bool",
    };

    private static SentOptions SentOf(string? policy, bool? orphan) => (policy is not null ? SentOptions.Propagation : 0) | (orphan is null ? 0 : SentOptions.OrphanDependents);

    private static DeletePropagation PropagationOf(string? policy, bool? orphan, FieldErrors errors)
    {
        var at = errors.At("propagationPolicy");
        if (policy is not null && orphan is not null)
        {
            at.Invalid(policy, "orphanDependents and deletionPropagation cannot be both set");
        }

        switch (policy)
        {
            case "Background":
                return DeletePropagation.Background;
            case "Foreground":
                return DeletePropagation.Foreground;
            case "Orphan":
                return DeletePropagation.Orphan;
            case null:
                return orphan switch { true => DeletePropagation.Orphan, false => DeletePropagation.Background, null => DeletePropagation.Default };
            default:
                at.NotSupported(policy, "Foreground", "Background", "Orphan", "nil");
                return DeletePropagation.Default;
        }
    }
}
