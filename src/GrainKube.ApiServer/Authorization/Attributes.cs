using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Requests;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Authorization;

/// <summary>Turns a request into a question of access, and back.</summary>
internal static class Attributes
{
    public static AccessAttributes Of(UserInfo user, RequestInfo request) => new()
    {
        User = user,
        Verb = request.Verb,
        IsResource = request.IsResourceRequest,
        ApiGroup = request.ApiGroup,
        ApiVersion = request.ApiVersion,
        Resource = request.Resource,
        Subresource = request.Subresource,
        Namespace = request.Namespace,
        Name = request.Name,
        FieldSelector = request.FieldSelector,
        LabelSelector = request.LabelSelector,
        Path = request.Path,
    };

    /// <param name="asking">Who makes the request that the question is about.</param>
    /// <param name="check">The question.</param>
    public static AccessAttributes Of(UserInfo asking, AccessCheck check) => new()
    {
        User = check.Subject(asking),
        Verb = check.Verb,
        IsResource = check.IsResource,
        ApiGroup = check.Group,
        ApiVersion = check.IsResource ? check.Version : "",
        Resource = check.Resource,
        Subresource = check.Subresource,
        Namespace = check.Namespace,
        Name = check.Name,
        FieldSelector = check.FieldSelector,
        LabelSelector = check.LabelSelector,
        Path = check.Path,
    };

    public static RequestInfo ToRequest(AccessAttributes asked) => new()
    {
        IsResourceRequest = asked.IsResource,
        Verb = asked.Verb,
        Path = asked.Path,
        ApiGroup = asked.ApiGroup,
        ApiVersion = asked.ApiVersion,
        Resource = asked.Resource,
        Subresource = asked.Subresource,
        Namespace = asked.Namespace,
        Name = asked.Name,
        FieldSelector = asked.FieldSelector,
        LabelSelector = asked.LabelSelector,
    };
}
