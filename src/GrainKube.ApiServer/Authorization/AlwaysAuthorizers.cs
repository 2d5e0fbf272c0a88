using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.Authorization;

/// <summary>Allows everything: the last of the modes where everybody who is known is trusted.</summary>
internal sealed class AlwaysAllowAuthorizer : IAuthorizer
{
    public ValueTask<AuthorizationDecision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancel) => ValueTask.FromResult(new AuthorizationDecision(true));
}

/// <summary>Allows nothing, and says so.</summary>
internal sealed class AlwaysDenyAuthorizer : IAuthorizer
{
    public ValueTask<AuthorizationDecision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancel) =>
        ValueTask.FromResult(new AuthorizationDecision(false, "Everything is forbidden."));
}
