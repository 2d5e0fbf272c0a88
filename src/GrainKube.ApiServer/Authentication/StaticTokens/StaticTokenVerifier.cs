using System.Security.Cryptography;
using System.Text;
using GrainKube.ApiMachinery.Identity;
using GrainKube.Security.Tokens;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Authentication.StaticTokens;

/// <summary>Knows the tokens of the file.</summary>
internal sealed class StaticTokenVerifier(IOptions<AuthenticationOptions> options) : ITokenVerifier
{
    // By hash, so that the time of a look-up tells nothing of a token's letters.
    private readonly Dictionary<string, UserInfo> known = options.Value.StaticTokens.ToDictionary(t => Hash(t.Token), t => new UserInfo { Name = t.User, Uid = t.Uid, Groups = t.Groups });

    public ValueTask<VerifiedToken?> VerifyAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancel) =>
        ValueTask.FromResult(known.Count > 0 && known.TryGetValue(Hash(token), out var user) && Audiences.OfServer(audiences) is { Count: > 0 } shared ? new VerifiedToken(user, shared) : null);

    private static string Hash(string token) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
