using GrainKube.ApiServer.Pipeline;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Authorization;

/// <summary>Asks all authorizers as the pipeline does, for questions that arise inside the server: impersonation, access reviews, escalation.</summary>
internal sealed class AccessQuestion(IEnumerable<IAuthorizer> authorizers)
{
    private readonly IAuthorizer[] authorizers = [.. authorizers];

    public async ValueTask<AuthorizationDecision> AskAsync(AccessAttributes asked, CancellationToken cancel)
    {
        var request = Attributes.ToRequest(asked);
        List<string> reasons = [];
        foreach (var authorizer in authorizers)
        {
            var decision = await authorizer.AuthorizeAsync(asked.User, request, cancel);
            if (decision.Allowed)
            {
                return decision;
            }

            if (decision.Reason.Length > 0)
            {
                reasons.Add(decision.Reason);
            }

            if (decision.Denied)
            {
                return decision with { Reason = string.Join('\n', reasons) };
            }
        }

        return new AuthorizationDecision(false, string.Join('\n', reasons));
    }
}
