using System.Text.Json;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Authorization;
using GrainKube.Security.Identity;
using GrainKube.Security.Rbac;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Authentication;

/// <summary>Lets a caller act as somebody else by <c>Impersonate-…</c> headers, where it may <c>impersonate</c> each part of that identity. Runs after authentication and before authorization.</summary>
internal sealed class Impersonator(AccessQuestion question)
{
    private const string Group = "authentication.k8s.io";
    private const string Prefix = "Impersonate-";
    private const string ExtraPrefix = Prefix + "Extra-";

    /// <summary>Who the request is to be made as: <paramref name="caller"/> where no header asks for another.</summary>
    /// <exception cref="ApiException">403 where a part may not be impersonated; 400 where groups, uid or extra are asked for without a user.</exception>
    public async ValueTask<UserInfo> ActAsync(UserInfo caller, IHeaderDictionary headers, CancellationToken cancel)
    {
        if (!AsksForAnother(headers))
        {
            return caller;
        }

        var name = headers["Impersonate-User"].ToString();
        var groups = headers["Impersonate-Group"].Select(g => g ?? "").ToArray();
        var uid = headers["Impersonate-Uid"].ToString();
        var extra = headers
            .Where(h => h.Key.StartsWith(ExtraPrefix, StringComparison.OrdinalIgnoreCase))
            .GroupBy(h => Uri.UnescapeDataString(h.Key[ExtraPrefix.Length..].ToLowerInvariant()))
            .ToDictionary(key => key.Key, IReadOnlyList<string> (key) => [.. key.SelectMany(h => h.Value).Select(v => v ?? "")]);
        if (name.Length == 0)
        {
            return groups.Length + uid.Length + extra.Count == 0 ? caller : throw ApiException.BadRequest($"requested {Written(uid, groups, extra)} without impersonating a user name");
        }

        var isAccount = WellKnown.TryParseServiceAccount(name, out var ns, out var account);
        await DemandAsync(isAccount
            ? new AccessAttributes { User = caller, Verb = "impersonate", ApiVersion = "v1", Resource = "serviceaccounts", Namespace = ns, Name = account }
            : new AccessAttributes { User = caller, Verb = "impersonate", ApiVersion = "v1", Resource = "users", Name = name }, cancel);
        foreach (var group in groups)
        {
            await DemandAsync(new AccessAttributes { User = caller, Verb = "impersonate", ApiVersion = "v1", Resource = "groups", Name = group }, cancel);
        }

        foreach (var (key, values) in extra)
        {
            foreach (var value in values)
            {
                await DemandAsync(
                    new AccessAttributes { User = caller, Verb = "impersonate", ApiGroup = Group, ApiVersion = "v1", Resource = "userextras", Subresource = key, Name = value }, cancel);
            }
        }

        if (uid.Length > 0)
        {
            await DemandAsync(new AccessAttributes { User = caller, Verb = "impersonate", ApiGroup = Group, ApiVersion = "v1", Resource = "uids", Name = uid }, cancel);
        }

        IReadOnlyList<string> given = groups.Length == 0 && isAccount ? WellKnown.ServiceAccountGroups(ns) : groups;
        return new UserInfo { Name = name, Uid = uid, Groups = WithImplied(name, given), Extra = extra };
    }

    private static bool AsksForAnother(IHeaderDictionary headers)
    {
        foreach (var (name, _) in headers)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // As upstream's message has it.
    private static string Written(string uid, string[] groups, Dictionary<string, IReadOnlyList<string>> extra)
    {
        static string Text(string text) => JsonSerializer.Serialize(text, JsonSerializerOptions.Web);
        static string List(IEnumerable<string> list) => $"[]string{{{string.Join(", ", list.Select(Text))}}}";
        return $"&user.DefaultInfo{{Name:\"\", UID:{Text(uid)}, Groups:{(groups.Length == 0 ? "[]string(nil)" : List(groups))}, Extra:map[string][]string"
            + (extra.Count == 0 ? "(nil)" : $"{{{string.Join(", ", extra.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{Text(e.Key)}:{List(e.Value)}"))}}}") + "}";
    }
    /// <summary>The group that everybody known is in, or everybody unknown, unless one of the two was asked for.</summary>
    private static IReadOnlyList<string> WithImplied(string name, IReadOnlyList<string> groups) =>
        name == WellKnown.Anonymous ? [.. groups.Append(WellKnown.Unauthenticated).Distinct()]
        : groups.Contains(WellKnown.Authenticated) || groups.Contains(WellKnown.Unauthenticated) ? groups
        : [.. groups, WellKnown.Authenticated];

    private async ValueTask DemandAsync(AccessAttributes asked, CancellationToken cancel)
    {
        var decision = await question.AskAsync(asked, cancel);
        if (!decision.Allowed)
        {
            throw asked.Denied(decision.Reason);
        }
    }
}
