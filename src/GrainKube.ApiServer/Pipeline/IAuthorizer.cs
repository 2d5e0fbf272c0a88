using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>Decides whether a caller may do what a request asks for. Where several are registered, one that allows is enough; where none is, everything is refused.</summary>
public interface IAuthorizer
{
    ValueTask<AuthorizationDecision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancel);
}
