using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Admission;
using GrainKube.Security.Tokens;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Authentication.BootstrapTokens;

/// <summary>Knows tokens like <c>abcdef.0123456789abcdef</c>, by which a new node introduces itself: each is a Secret in <c>kube-system</c>.</summary>
internal sealed partial class BootstrapTokenVerifier(IObjectReader objects, TimeProvider time, IOptions<AuthenticationOptions> options) : ITokenVerifier
{
    private const string Namespace = "kube-system";
    private const string SecretPrefix = "bootstrap-token-";
    private const string SecretType = "bootstrap.kubernetes.io/token";
    private const string Group = "system:bootstrappers";
    private readonly bool enabled = options.Value.BootstrapTokens;

    public async ValueTask<VerifiedToken?> VerifyAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancel)
    {
        if (!enabled || Form.Match(token) is not { Success: true } parts || Audiences.OfServer(audiences) is not { Count: > 0 } shared)
        {
            return null;
        }

        var (id, secret) = (parts.Groups[1].Value, parts.Groups[2].Value);
        var found = await objects.FindAsync(new ObjectKey("", "secrets", Namespace, SecretPrefix + id), cancel);
        return found is { Header.DeletionTimestamp: null } && UserOf(found.ToNode(), id, secret) is { } user ? new VerifiedToken(user, shared) : null;
    }

    private UserInfo? UserOf(JsonObject item, string id, string secret)
    {
        var data = item["data"] as JsonObject;
        if ((string?)item["type"] != SecretType
            || Text(data, "token-id") != id
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Text(data, "token-secret")), Encoding.UTF8.GetBytes(secret))
            || Text(data, "usage-bootstrap-authentication") != "true"
            || IsExpired(Text(data, "expiration")))
        {
            return null;
        }

        var extra = Text(data, "auth-extra-groups").Split(',', StringSplitOptions.RemoveEmptyEntries);

        // A token with a group that may not be is worth nothing, rather than less than its maker meant.
        return extra.All(group => ExtraGroup.IsMatch(group)) ? new UserInfo { Name = $"system:bootstrap:{id}", Groups = [.. extra.Append(Group).Distinct().Order(StringComparer.Ordinal)] } : null;
    }

    private bool IsExpired(string expiration) => expiration.Length > 0
        && (!DateTimeOffset.TryParse(expiration, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until) || until <= time.GetUtcNow());

    private static string Text(JsonObject? data, string name)
    {
        try
        {
            return (string?)data?[name] is { } encoded ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded)) : "";
        }
        catch (FormatException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"\A([a-z0-9]{6})\.([a-z0-9]{16})\z")]
    private static partial Regex Form { get; }

    [GeneratedRegex(@"\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\z")]
    private static partial Regex ExtraGroup { get; }
}
