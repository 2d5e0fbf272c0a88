using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
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
        var grace = query.First("gracePeriodSeconds");
        if (grace.Length > 0 && !long.TryParse(grace, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            throw ApiException.BadRequest($"strconv.ParseInt: parsing \"{grace}\": invalid syntax");
        }

        bool? orphan = query.ContainsKey("orphanDependents") ? QueryBool.IsTrue(query["orphanDependents"]) : null;
        return new DeleteParameters(
            WriteParameters.IsDryRun(query["dryRun"]!, errors),
            grace.Length == 0 ? null : long.Parse(grace, CultureInfo.InvariantCulture),
            null,
            PropagationOf(query.First("propagationPolicy"), orphan, errors),
            SentOf(query.First("propagationPolicy"), orphan));
    }

    private static DeleteParameters FromBody(byte[] body, FieldErrors errors)
    {
        try
        {
            if (JsonNode.Parse(body) is not JsonObject options)
            {
                throw ApiException.BadRequest("couldn't get version/kind; json parse error: json: cannot unmarshal into Go value of type struct");
            }

            if ((string?)options["kind"] is { } kind && kind != "DeleteOptions")
            {
                throw ApiException.BadRequest("decoded object cannot be converted to DeleteOptions");
            }

            var revision = (string?)options["preconditions"]?["resourceVersion"];
            var uid = (string?)options["preconditions"]?["uid"];
            return new DeleteParameters(
                WriteParameters.IsDryRun(options["dryRun"] is JsonArray dry ? [.. dry.Select(value => (string?)value)] : [], errors),
                (long?)options["gracePeriodSeconds"],
                revision is null && uid is null ? null : new Preconditions(uid, revision is null ? null : ListParameters.RevisionOf(revision)),
                PropagationOf((string?)options["propagationPolicy"] ?? "", (bool?)options["orphanDependents"], errors),
                SentOf((string?)options["propagationPolicy"] ?? "", (bool?)options["orphanDependents"]));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw ApiException.BadRequest($"couldn't get version/kind; json parse error: {error.Message}");
        }
    }

    private static SentOptions SentOf(string policy, bool? orphan) => (policy.Length > 0 ? SentOptions.Propagation : 0) | (orphan is null ? 0 : SentOptions.OrphanDependents);

    private static DeletePropagation PropagationOf(string policy, bool? orphan, FieldErrors errors)
    {
        var at = errors.At("propagationPolicy");
        if (policy.Length > 0 && orphan is not null)
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
            case "":
                return orphan switch { true => DeletePropagation.Orphan, false => DeletePropagation.Background, null => DeletePropagation.Default };
            default:
                at.NotSupported(policy, "Foreground", "Background", "Orphan", "nil");
                return DeletePropagation.Default;
        }
    }
}
