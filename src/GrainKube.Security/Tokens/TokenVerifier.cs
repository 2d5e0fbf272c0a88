using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.Security.Identity;

namespace GrainKube.Security.Tokens;

/// <summary>Checks service-account tokens: signature, time, audience, and that the objects a token is bound to are still the same.</summary>
/// <remarks>A signature is checked once and remembered; the objects are looked at each time, so a deleted account's token ends with the account.</remarks>
public sealed class TokenVerifier(TokenIssuer issuer, IBoundObjects objects, TimeProvider time) : ITokenVerifier
{
    private const int Remembered = 4096;
    private readonly ConcurrentDictionary<string, TokenClaims> verified = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public async ValueTask<VerifiedToken?> VerifyAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancel)
    {
        if (Claims(token) is not { } claims)
        {
            return null;
        }

        IReadOnlyList<string> wanted = audiences.Count == 0 ? [TokenIssuer.Issuer] : audiences;
        var shared = claims.Audiences.Where(wanted.Contains).ToArray();
        if (shared.Length == 0)
        {
            throw new InvalidTokenException($"token audiences {Go(claims.Audiences)} is invalid for the target audiences {Go(wanted)}");
        }

        var now = time.GetUtcNow();
        if (now >= claims.Expires)
        {
            throw new InvalidTokenException("service account token has expired");
        }

        if (now < claims.NotBefore - TimeSpan.FromMinutes(1))
        {
            throw new InvalidTokenException("service account token is not valid yet");
        }

        await CheckAsync("serviceaccounts", "service account", claims.Namespace, claims.ServiceAccount, cancel);
        await CheckAsync("secrets", "secret", claims.Namespace, claims.Secret, cancel);
        await CheckAsync("pods", "pod", claims.Namespace, claims.Pod, cancel);
        if (claims.Pod is null)
        {
            // With a pod, the node is only said; the pod's own life decides.
            await CheckAsync("nodes", "node", "", claims.Node, cancel);
        }

        return new VerifiedToken(User(claims), shared);
    }

    private static string Go(IEnumerable<string> texts) => GoQuote.Of(texts);

    private static UserInfo User(TokenClaims claims)
    {
        Dictionary<string, IReadOnlyList<string>> extra = [];
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                extra[$"authentication.kubernetes.io/{name}"] = [value];
            }
        }

        Add("credential-id", claims.Id.Length == 0 ? null : $"JTI={claims.Id}");
        Add("node-name", claims.Node?.Name);
        Add("node-uid", claims.Node?.Uid);
        Add("pod-name", claims.Pod?.Name);
        Add("pod-uid", claims.Pod?.Uid);
        return new UserInfo
        {
            Name = WellKnown.ServiceAccountUser(claims.Namespace, claims.ServiceAccount.Name),
            Uid = claims.ServiceAccount.Uid,
            Groups = [.. WellKnown.ServiceAccountGroups(claims.Namespace), WellKnown.Authenticated],
            Extra = extra,
        };
    }

    private TokenClaims? Claims(string token)
    {
        // A hash, so that the memory of a server holds no list of good tokens.
        var known = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (verified.TryGetValue(known, out var claims))
        {
            return claims;
        }

        using var payload = JsonWebToken.ReadPayload(token);
        if (payload is null || ClaimsJson.Text(payload.RootElement, "iss") != TokenIssuer.Issuer)
        {
            return null;
        }

        if (!JsonWebToken.IsSignedBy(token, issuer.Key) || ClaimsJson.Read(payload.RootElement) is not { } read)
        {
            throw new InvalidTokenException("invalid bearer token");
        }

        if (verified.Count >= Remembered)
        {
            verified.Clear();
        }

        return verified[known] = read;
    }

    private async ValueTask CheckAsync(string resource, string what, string ns, BoundObject? bound, CancellationToken cancel)
    {
        if (bound is null)
        {
            return;
        }

        var uid = await objects.UidOfAsync(resource, ns, bound.Name, cancel)
            ?? throw new InvalidTokenException($"{what} {(ns.Length == 0 ? "" : ns + "/")}{bound.Name} has been deleted");
        if (uid != bound.Uid)
        {
            throw new InvalidTokenException($"{what} UID ({uid}) does not match claim ({bound.Uid})");
        }
    }
}
