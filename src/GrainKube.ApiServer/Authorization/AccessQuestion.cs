using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Writes.Outside;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Authorization;

/// <summary>The registered authorizers as one: the first that allows or denies decides alone; what those say who have no opinion is put together.</summary>
internal sealed class AccessQuestion(IEnumerable<IAuthorizer> authorizers) : IOutsideChecks
{
    private readonly IAuthorizer[] authorizers = [.. authorizers];

    /// <summary>For questions that arise inside the server: impersonation, access reviews, escalation.</summary>
    public ValueTask<AuthorizationDecision> AskAsync(AccessAttributes asked, CancellationToken cancel) => AskAsync(asked.User, Attributes.ToRequest(asked), cancel);

    public async ValueTask<AuthorizationDecision> AskAsync(UserInfo user, RequestInfo request, CancellationToken cancel)
    {
        var opinions = default(Opinions);
        foreach (var authorizer in authorizers)
        {
            var decision = await authorizer.AuthorizeAsync(user, request, cancel);
            if (opinions.IsFinal(decision))
            {
                return decision;
            }
        }

        return opinions.Together;
    }

    /// <summary>What a plugin or an expression asks, for the user of the request unless it names a service account.</summary>
    public async ValueTask<AccessAnswer> AskAsync(UserInfo asking, AccessCheck check, CancellationToken cancel) => Answer(await AskAsync(Attributes.Of(asking, check), cancel));

    /// <summary>The same without waiting; null where somebody outside has to be asked.</summary>
    public AccessAnswer? Known(UserInfo asking, AccessCheck check) => Known(Attributes.Of(asking, check)) is { } decision ? Answer(decision) : null;

    private static AccessAnswer Answer(AuthorizationDecision decision) => new(decision.Allowed, decision.Reason, decision.Error ?? "");

    private AuthorizationDecision? Known(AccessAttributes asked)
    {
        var request = Attributes.ToRequest(asked);
        var opinions = default(Opinions);
        foreach (var authorizer in authorizers)
        {
            if (authorizer.Known(asked.User, request) is not { } decision)
            {
                return null;
            }

            if (opinions.IsFinal(decision))
            {
                return decision;
            }
        }

        return opinions.Together;
    }

    private struct Opinions
    {
        private string? reasons;
        private string? errors;

        public readonly AuthorizationDecision Together => new(false, reasons ?? "", Error: errors);

        public bool IsFinal(AuthorizationDecision decision)
        {
            if (decision.Allowed || decision.Denied)
            {
                return true;
            }

            if (decision.Reason.Length > 0)
            {
                reasons = reasons is null ? decision.Reason : $"{reasons}\n{decision.Reason}";
            }

            if (decision.Error is { } error)
            {
                errors = errors is null ? error : $"{errors}, {error}";
            }

            return false;
        }
    }
}
