using System.Text.Json;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Security.Identity;

namespace GrainKube.Security.Rbac;

/// <summary>One subject of a binding as upstream prints it, and the user or group name that a request is compared with.</summary>
/// <param name="IsGroup">A group; otherwise a user (a service account is one).</param>
/// <param name="Match">The user's or group's name.</param>
/// <param name="Text">For reasons: <c>User "jane"</c>, <c>ServiceAccount "web/default"</c>.</param>
internal readonly record struct RoleSubject(bool IsGroup, string Match, string Text)
{
    public static RoleSubject? From(JsonElement subject, string bindingNamespace)
    {
        var kind = Field(subject, "kind");
        var name = Field(subject, "name");
        switch (kind)
        {
            case "Group":
                return new(true, name, $"Group {GoQuote.Of(name)}");
            case "User":
                return new(false, name, $"User {GoQuote.Of(name)}");
            case "ServiceAccount":
                var ns = Field(subject, "namespace");
                ns = ns.Length == 0 ? bindingNamespace : ns;
                return ns.Length == 0 ? null : new(false, WellKnown.ServiceAccountUser(ns, name), $"ServiceAccount {GoQuote.Of($"{name}/{ns}")}");
            default:
                return null;
        }
    }

    private static string Field(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
