using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Yaml;
using GrainKube.ApiServer.Audit;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Writes;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>PATCH of an object or of one of its subresources, in any of the four media types.</summary>
internal sealed class PatchEndpoint(ObjectWriter writer, Permission permission, IOptions<ApiServerOptions> options)
{
    public async Task InvokeAsync(ResourceCall call)
    {
        var type = TypeOf(call);
        var body = await RequestBody.ReadTextAsync(call.Http.Request, options.Value.MaxRequestBodyBytes);
        var parameters = WriteParameters.Parse(call.Http.Request, "PatchOptions", type);
        string? duplicates = null;
        if (type == PatchType.Apply)
        {
            (body, duplicates) = Applied(call, body);
        }

        AuditEvent.Of(call.Http)?.Requested(body);
        var result = await writer.WriteAsync(
            call.Key,
            new WriteRequest
            {
                Verb = WriteVerb.Patch,
                Subresource = call.Info.Subresource,
                ApiVersion = call.Version.ApiVersion,
                Body = body,
                PatchType = type,
                User = call.User,
                FieldManager = parameters.FieldManager,
                Sent = parameters.Sent,
                Force = parameters.Force,
                CreateRefused = type == PatchType.Apply ? await permission.RefusalToCreateAsync(call.User, call.Info, call.Cancel) : null,
                FieldValidation = parameters.FieldValidation,
                DuplicateKeys = duplicates,
                DryRun = parameters.DryRun,
            },
            call.Cancel);
        await writer.AnswerAsync(call, result);
    }

    private static (byte[] Json, string? Duplicates) Applied(ResourceCall call, byte[] body)
    {
        byte[] json;
        string? duplicates;
        try
        {
            json = YamlJson.Convert(body, out duplicates);
        }
        catch (ApiException malformed)
        {
            throw ApiException.BadRequest($"error decoding patch: {malformed.Status.Message}");
        }

        if (NotAMap(json) is { } kind)
        {
            throw ApiException.BadRequest($"error decoding patch: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}");
        }

        var header = BodyHeader.Read(json, call.Definition.Names.Kind);
        var expected = call.Info.Subresource == "scale" ? "autoscaling/v1" : call.Version.ApiVersion;
        if (header.ApiVersion != expected)
        {
            throw ApiException.BadRequest($"Incorrect version specified in apply patch. Specified patch version: {header.ApiVersion}, expected: {expected}");
        }

        if (header.Kind.Length == 0)
        {
            var version = expected.Contains('/') ? expected : $"/{expected}";
            throw ApiException.BadRequest($"failed to create typed patch object ({header.Namespace}/{header.Name}; {version}, Kind=): no corresponding type for {version}, Kind=");
        }

        if (header.Name.Length > 0)
        {
            BodyChecks.Name(call, header);
        }

        return (json, duplicates);
    }

    private static string? NotAMap(byte[] json) => json switch
    {
        [(byte)'[', ..] => "array",
        [(byte)'"', ..] => "string",
        [(byte)'t' or (byte)'f', ..] => "bool",
        [(byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..] => "number",
        _ => null,
    };

    private static PatchType TypeOf(ResourceCall call)
    {
        // Strategic merge needs the merge keys of a model, which custom resources do not have.
        var strategic = call.Definition.Model is not null;
        return (call.Http.Request.ContentType ?? "").Split(';')[0].Trim(' ') switch
        {
            "application/json-patch+json" => PatchType.Json,
            "application/merge-patch+json" => PatchType.Merge,
            "application/strategic-merge-patch+json" when strategic => PatchType.StrategicMerge,
            "application/apply-patch+yaml" => PatchType.Apply,
            _ when call.HasRoutes => throw ApiException.UnsupportedMediaType("415: Unsupported Media Type", isGeneric: true),
            _ => throw ApiException.UnsupportedMediaType("the body of the request was in an unknown format - accepted media types include: "
                + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"),
        };
    }
}
