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
        if (LeavesDependents(call, parameters) && call.Definition.OrphansWarning.Length > 0)
        {
            Responses.Warn(call.Http, [call.Definition.OrphansWarning]);
        }

        await writer.AnswerAsync(call, await DeleteAsync(call, call.Key, parameters, ofCollection: false));
    }

    /// <param name="call">The request.</param>
    /// <param name="key">The object.</param>
    /// <param name="parameters">How it is to be deleted.</param>
    /// <param name="ofCollection">The client did not name it.</param>
    public Task<WriteResult> DeleteAsync(ResourceCall call, ObjectKey key, DeleteParameters parameters, bool ofCollection) => writer.WriteAsync(
        key,
        new WriteRequest
        {
            Verb = WriteVerb.Delete,
            ApiVersion = call.Version.ApiVersion,
            User = call.User,
            DryRun = parameters.DryRun,
            Sent = parameters.Sent,
            Unnamed = ofCollection,
            GracePeriodSeconds = parameters.GracePeriodSeconds,
            Preconditions = parameters.Preconditions,
            Propagation = LeavesDependents(call, parameters) ? DeletePropagation.Orphan : parameters.Propagation,
        },
        call.Cancel);

    private static bool LeavesDependents(ResourceCall call, DeleteParameters parameters) =>
        parameters.Propagation == DeletePropagation.Default && call.Definition.OrphansByDefault;
}
