using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Writes;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>DELETE of one object.</summary>
internal sealed class DeleteEndpoint(ObjectWriter writer, IOptions<ApiServerOptions> options)
{
    public async Task InvokeAsync(ResourceCall call)
    {
        var parameters = await DeleteParameters.ReadAsync(call.Http.Request, options.Value.MaxRequestBodyBytes);
        await ObjectWriter.AnswerAsync(call, await DeleteAsync(call, call.Key, parameters));
    }

    public Task<WriteResult> DeleteAsync(ResourceCall call, ObjectKey key, DeleteParameters parameters) => writer.WriteAsync(
        key,
        new WriteRequest
        {
            Verb = WriteVerb.Delete,
            ApiVersion = call.Version.ApiVersion,
            User = call.User,
            DryRun = parameters.DryRun,
            GracePeriodSeconds = parameters.GracePeriodSeconds,
            Preconditions = parameters.Preconditions,
            Propagation = parameters.Propagation,
        },
        call.Cancel);
}
