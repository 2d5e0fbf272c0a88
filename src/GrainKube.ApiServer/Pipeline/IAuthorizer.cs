using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>Decides whether a caller may do what a request asks for. Where several are registered, the first that allows or denies is enough; where none is, everything is refused.</summary>
public interface IAuthorizer
{
    ValueTask<AuthorizationDecision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancel);

    /// <summary>
    /// The decision where it is at hand; null where it has to be waited for. One that asks nobody outside need not say more than <see cref="AuthorizeAsync"/> says; one that does should say here what it
    /// remembers, because otherwise it is asked twice.
    /// </summary>
    AuthorizationDecision? Known(UserInfo user, RequestInfo request)
    {
        var answer = AuthorizeAsync(user, request, CancellationToken.None);
        if (answer.IsCompleted)
        {
            return answer.GetAwaiter().GetResult();
        }

        _ = answer.AsTask();
        return null;
    }

    /// <summary>Why nobody can list what this authorizer would allow the user; empty where there is nothing to list, or where others know it.</summary>
    string WhyRulesAreUnknown(UserInfo user) => "";
}
