using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Authorization;

/// <summary>Members of <c>system:masters</c> may do everything, whatever the others are.</summary>
internal sealed class MastersAuthorizer : IAuthorizer
{
    public ValueTask<AuthorizationDecision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancel) =>
        ValueTask.FromResult(new AuthorizationDecision(Superuser.Is(user)));
}
