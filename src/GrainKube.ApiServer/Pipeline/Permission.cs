using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>Lets those do what they ask for whom the authorizers allow it.</summary>
internal sealed class Permission(AccessQuestion question)
{
    /// <returns>Why it is allowed; may be empty.</returns>
    /// <exception cref="ApiException">403 in upstream's words; 500 where it is not allowed and an authorizer failed.</exception>
    public async ValueTask<string> DemandAsync(UserInfo user, RequestInfo request, CancellationToken cancel)
    {
        var decision = await question.AskAsync(user, request, cancel);
        return decision.Allowed ? decision.Reason
            : decision.Error is { } error ? throw ApiException.InternalError(error)
            : throw Refusal(user, request, decision.Reason);
    }

    /// <summary>The answer where an update or apply would have to create its object and the user may not; null where he may.</summary>
    public async ValueTask<Status?> RefusalToCreateAsync(UserInfo user, RequestInfo request, CancellationToken cancel)
    {
        try
        {
            await DemandAsync(user, request with { Verb = "create" }, cancel);
            return null;
        }
        catch (ApiException refused)
        {
            return refused.Status;
        }
    }

    private static ApiException Refusal(UserInfo user, RequestInfo request, string reasons)
    {
        var after = reasons.Length == 0 ? "" : $": {reasons}";
        if (!request.IsResourceRequest)
        {
            return ApiException.Forbidden(new GroupResource("", ""), "", $"User \"{user.Name}\" cannot {request.Verb} path \"{request.Path}\"{after}");
        }

        var resource = request.Subresource.Length == 0 ? request.Resource : $"{request.Resource}/{request.Subresource}";
        var where = request.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{request.Namespace}\"";
        return ApiException.Forbidden(
            new GroupResource(request.ApiGroup, request.Resource),
            request.Name,
            $"User \"{user.Name}\" cannot {request.Verb} resource \"{resource}\" in API group \"{request.ApiGroup}\" {where}{after}");
    }
}
