using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Audit;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Client;
using GrainKube.Objects.Writes;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>POST of a new object. A name to be generated is drawn here, because the name is the grain's key.</summary>
internal sealed class CreateEndpoint(ObjectWriter writer, IOptions<ApiServerOptions> options)
{
    private const int NameAttempts = 8;

    public async Task InvokeAsync(ResourceCall call)
    {
        var (body, duplicates) = await RequestBody.ReadObjectAsync(call.Http.Request, options.Value.MaxRequestBodyBytes);
        var parameters = WriteParameters.Parse(call.Http.Request, "CreateOptions");
        var header = BodyHeader.Read(body, call.Definition.Names.Kind);
        AuditEvent.Of(call.Http)?.Name(header.Name);
        BodyChecks.Kind(call, header, call.Definition.Names.Kind, call.Version.ApiVersion);
        BodyChecks.Namespace(call, header);
        var request = new WriteRequest
        {
            Verb = WriteVerb.Create,
            ApiVersion = call.Version.ApiVersion,
            Body = body,
            User = call.User,
            FieldManager = parameters.FieldManager,
            Sent = parameters.Sent,
            FieldValidation = parameters.FieldValidation,
            DuplicateKeys = duplicates,
            DryRun = parameters.DryRun,
            Uid = Guid.NewGuid().ToString(),
        };
        if (header.Name.Length > 0)
        {
            BodyChecks.NameIsPathSegment(call, header.Name);
            await writer.AnswerAsync(call, await writer.WriteAsync(call.KeyOf(header.Name), request, call.Cancel));
            return;
        }

        await writer.AnswerAsync(call, await WithDrawnNameAsync(call, request, header.GenerateName));
    }

    /// <summary>Without a prefix the drawn name only finds a grain: the object has none, and is refused there with all that is wrong with it, unless admission names it.</summary>
    private async Task<WriteResult> WithDrawnNameAsync(ResourceCall call, WriteRequest request, string prefix)
    {
        for (var attempt = 1; ; attempt++)
        {
            var name = GeneratedNames.Draw(prefix);
            BodyChecks.NameIsPathSegment(call, name, prefix);
            try
            {
                return await writer.WriteAsync(call.KeyOf(name), request with { Unnamed = true }, call.Cancel);
            }
            catch (ApiException taken) when (taken.Status.Reason == "AlreadyExists" && taken.Status.Name == name)
            {
                if (attempt == NameAttempts)
                {
                    throw;
                }
            }
        }
    }
}
