using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>The registered authorizers as one question.</summary>
internal sealed class Permission(IEnumerable<IAuthorizer> authorizers)
{
    private readonly IAuthorizer[] authorizers = [.. authorizers];

    /// <returns>Why it is allowed; may be empty.</returns>
    /// <exception cref="ApiException">403 in upstream's words.</exception>
    public async ValueTask<string> DemandAsync(UserInfo user, RequestInfo request, CancellationToken cancel)
    {
        var reasons = "";
        foreach (var authorizer in authorizers)
        {
            var decision = await authorizer.AuthorizeAsync(user, request, cancel);
            if (decision.Allowed)
            {
                return decision.Reason;
            }

            reasons = decision.Reason.Length == 0 ? reasons : reasons.Length == 0 ? decision.Reason : $"{reasons}, {decision.Reason}";
            if (decision.Denied)
            {
                break;
            }
        }

        throw Refusal(user, request, reasons);
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
