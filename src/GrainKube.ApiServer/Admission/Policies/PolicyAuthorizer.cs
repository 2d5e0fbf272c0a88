using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Objects.Writes.Outside;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>Puts what expressions ask of the <c>authorizer</c> to all authorizers of the server, for the user of the request unless they name a service account.</summary>
internal sealed class PolicyAuthorizer(AccessQuestion question) : IOutsideChecks
{
    /// <summary>The answer where it is at hand; null where somebody outside has to be asked.</summary>
    public AccessAnswer? Known(UserInfo asking, AccessCheck check) => question.Known(Attributes(asking, check)) is { } decision ? Answer(decision) : null;

    public async ValueTask<AccessAnswer> AskAsync(UserInfo asking, AccessCheck check, CancellationToken cancel) => Answer(await question.AskAsync(Attributes(asking, check), cancel));

    private static AccessAnswer Answer(AuthorizationDecision decision) => new(decision.Allowed, decision.Reason, decision.Error ?? "");

    private static AccessAttributes Attributes(UserInfo asking, AccessCheck check) => new()
    {
        User = check.Subject(asking),
        Verb = check.Verb,
        IsResource = check.IsResource,
        ApiGroup = check.Group,
        ApiVersion = check.IsResource ? "*" : "",
        Resource = check.Resource,
        Subresource = check.Subresource,
        Namespace = check.Namespace,
        Name = check.Name,
        FieldSelector = check.FieldSelector,
        LabelSelector = check.LabelSelector,
        Path = check.Path,
    };
}
