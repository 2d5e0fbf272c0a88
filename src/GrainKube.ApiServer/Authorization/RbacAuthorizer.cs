using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Authorization;

/// <summary>Decides by roles and bindings.</summary>
internal sealed class RbacAuthorizer(RbacIndex index) : IAuthorizer
{
    public ValueTask<AuthorizationDecision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancel)
    {
        var decision = index.Decide(Attributes.Of(user, request));
        return ValueTask.FromResult(new AuthorizationDecision(decision.Allowed, decision.Reason));
    }
}
