using GrainKube.ApiMachinery.Errors;

namespace GrainKube.Security.Rbac;

/// <summary>One subject's share of one binding.</summary>
/// <param name="BindingNamespace">Empty for a ClusterRoleBinding.</param>
/// <param name="BindingName">The binding.</param>
/// <param name="Role">What it grants.</param>
/// <param name="Subject">To whom, as upstream prints it.</param>
internal sealed record RoleGrant(string BindingNamespace, string BindingName, RoleReference Role, string Subject)
{
    /// <summary>Upstream's words for an access that this grant allowed.</summary>
    public string Reason => BindingNamespace.Length == 0
        ? $"RBAC: allowed by ClusterRoleBinding {GoQuote.Of(BindingName)} of {Role.Kind} {GoQuote.Of(Role.Name)} to {Subject}"
        : $"RBAC: allowed by RoleBinding {GoQuote.Of($"{BindingName}/{BindingNamespace}")} of {Role.Kind} {GoQuote.Of(Role.Name)} to {Subject}";
}
