using System.Security.Cryptography;
using System.Text;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Admission;
using GrainKube.Security.Identity;
using GrainKube.Security.Tokens;

namespace GrainKube.ApiServer.Authentication;

/// <summary>Knows the tokens of Secrets that belong to service accounts.</summary>
internal sealed class LegacyTokenVerifier(TokenIssuer issuer, IObjectReader objects) : ITokenVerifier
{
    public async ValueTask<VerifiedToken?> VerifyAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancel)
    {
        if (LegacyToken.Read(token, issuer) is not { } claims || Audiences.OfServer(audiences) is not { Count: > 0 } shared)
        {
            return null;
        }

        var secret = await objects.FindAsync(new ObjectKey("", "secrets", claims.Namespace, claims.SecretName), cancel);
        if (secret is not { Header.DeletionTimestamp: null } || !Holds(secret, token))
        {
            throw new InvalidTokenException("token has been invalidated");
        }

        var account = await objects.FindAsync(CoreKeys.ServiceAccount(claims.Namespace, claims.AccountName), cancel);
        return account is not { Header.DeletionTimestamp: null } ? throw new InvalidTokenException($"ServiceAccount {claims.Namespace}/{claims.AccountName} has been deleted")
            : account.Header.Uid != claims.AccountUid ? throw new InvalidTokenException($"ServiceAccount UID ({account.Header.Uid}) does not match claim ({claims.AccountUid})")
            : new VerifiedToken(
                new UserInfo
                {
                    Name = WellKnown.ServiceAccountUser(claims.Namespace, claims.AccountName),
                    Uid = claims.AccountUid,
                    Groups = [.. WellKnown.ServiceAccountGroups(claims.Namespace), WellKnown.Authenticated],
                },
                shared);
    }

    private static bool Holds(KubeObject secret, string token)
    {
        try
        {
            return (string?)secret.ToNode()["data"]?["token"] is { } kept && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(kept), Encoding.UTF8.GetBytes(token));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
