using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Security.Rbac;

/// <summary>What is asked of an authorizer: may this user do this.</summary>
public sealed record AccessAttributes
{
    public required UserInfo User { get; init; }

    /// <summary>The API verb (<c>list</c>), or for a path the HTTP method in lower case.</summary>
    public required string Verb { get; init; }

    /// <summary>False for a bare path such as <c>/metrics</c>.</summary>
    public bool IsResource { get; init; } = true;
    public string ApiGroup { get; init; } = "";
    public string ApiVersion { get; init; } = "";
    public string Resource { get; init; } = "";
    public string Subresource { get; init; } = "";

    /// <summary>Empty at the cluster scope, and for a request across all namespaces.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Empty where the request names no object.</summary>
    public string Name { get; init; } = "";

    /// <summary>What of a list is asked for, as a field selector; empty for all.</summary>
    public string FieldSelector { get; init; } = "";

    /// <summary>The same as a label selector.</summary>
    public string LabelSelector { get; init; } = "";

    /// <summary>The URL's path; used where <see cref="IsResource"/> is false.</summary>
    public string Path { get; init; } = "";

    /// <summary>What upstream tells a user who may not do this.</summary>
    public string DenialText
    {
        get
        {
            if (!IsResource)
            {
                return $"User {Quote(User.Name)} cannot {Verb} path {Quote(Path)}";
            }

            var resource = Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";
            var scope = Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace {Quote(Namespace)}";
            return $"User {Quote(User.Name)} cannot {Verb} resource {Quote(resource)} in API group {Quote(ApiGroup)} {scope}";
        }
    }

    /// <summary>The 403 for a decision that was not to allow.</summary>
    public ApiException Denied(string reason) => ApiException.Forbidden(
        IsResource ? new GroupResource(ApiGroup, Resource) : new GroupResource("", ""),
        IsResource ? Name : "",
        reason.Length == 0 ? DenialText : $"{DenialText}: {reason}");

    private static string Quote(string text) => GoQuote.Of(text);
}
