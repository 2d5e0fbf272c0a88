using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>Decides whether a caller may do what a request asks for. Where several are registered, the first that allows or denies is enough; where none is, everything is refused.</summary>
public interface IAuthorizer
{
    ValueTask<AuthorizationDecision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancel);

    /// <summary>The decision where it is at hand; null where somebody outside would have to be asked. One that asks nobody outside need not say more than <see cref="AuthorizeAsync"/> says.</summary>
    AuthorizationDecision? Known(UserInfo user, RequestInfo request) =>
        AuthorizeAsync(user, request, CancellationToken.None) is { IsCompletedSuccessfully: true } decided
            ? decided.Result
            : throw new InvalidOperationException($"{GetType().Name} waits before it decides, and does not say what it knows");

    /// <summary>Why nobody can list what this authorizer would allow the user; empty where there is nothing to list, or where others know it.</summary>
    string WhyRulesAreUnknown(UserInfo user) => "";
}
