using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Writes;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>PUT of an object or of one of its subresources.</summary>
internal sealed class UpdateEndpoint(ObjectWriter writer, Permission permission, IOptions<ApiServerOptions> options)
{
    public Task InvokeAsync(ResourceCall call) => InvokeAsync(call, call.Definition.Names.Kind, call.Version.ApiVersion);

    /// <param name="call">The request.</param>
    /// <param name="kind">Kind of the body.</param>
    /// <param name="apiVersion">Version of the body.</param>
    public async Task InvokeAsync(ResourceCall call, string kind, string apiVersion)
    {
        var (body, duplicates) = await RequestBody.ReadObjectAsync(call.Http.Request, options.Value.MaxRequestBodyBytes);
        var parameters = WriteParameters.Parse(call.Http.Request, "UpdateOptions");
        var header = BodyHeader.Read(body, kind);
        BodyChecks.Kind(call, header, kind, apiVersion);
        BodyChecks.Name(call, header);
        var result = await writer.WriteAsync(
            call.Key,
            new WriteRequest
            {
                Verb = WriteVerb.Update,
                Subresource = call.Info.Subresource,
                ApiVersion = call.Version.ApiVersion,
                Body = body,
                User = call.User,
                FieldManager = parameters.FieldManager,
                Sent = parameters.Sent,
                FieldValidation = parameters.FieldValidation,
                DuplicateKeys = duplicates,
                DryRun = parameters.DryRun,
                CreateRefused = call.Definition.CreatesOnUpdate ? await permission.RefusalToCreateAsync(call.User, call.Info, call.Cancel) : null,
            },
            call.Cancel);
        await writer.AnswerAsync(call, result);
    }
}
