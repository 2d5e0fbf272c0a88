using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Identity;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>Answers what expressions ask of the <c>authorizer</c>, for the user of the request unless they name another.</summary>
internal static class PolicyAuthorizer
{
    public static Func<AccessCheck, AccessAnswer> Of(UserInfo asking, RbacIndex rbac) => check =>
    {
        var user = check.UserName is { } name ? new UserInfo { Name = name, Groups = check.Groups } : asking;
        if (Superuser.Is(user))
        {
            return new AccessAnswer(true);
        }

        var decision = rbac.Decide(new AccessAttributes
        {
            User = user, Verb = check.Verb, IsResource = check.IsResource, ApiGroup = check.Group, ApiVersion = "*", Resource = check.Resource,
            Subresource = check.Subresource, Namespace = check.Namespace, Name = check.Name, Path = check.Path,
        });
        return new AccessAnswer(decision.Allowed, decision.Reason);
    };
}
