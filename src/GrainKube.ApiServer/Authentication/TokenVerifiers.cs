using GrainKube.ApiMachinery.Identity;
using GrainKube.Security.Identity;
using GrainKube.Security.Tokens;

namespace GrainKube.ApiServer.Authentication;

/// <summary>All kinds of tokens as one: the first that knows a token decides, and one that finds it wrong does not keep the next from knowing it.</summary>
internal sealed class TokenVerifiers(IEnumerable<ITokenVerifier> verifiers) : ITokenVerifier
{
    private readonly ITokenVerifier[] verifiers = [.. verifiers];

    public async ValueTask<VerifiedToken?> VerifyAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancel)
    {
        List<string> wrong = [];
        foreach (var verifier in verifiers)
        {
            try
            {
                if (await verifier.VerifyAsync(token, audiences, cancel) is { } found)
                {
                    return found with { User = Authenticated(found.User) };
                }
            }
            catch (InvalidTokenException refused)
            {
                wrong.Add(refused.Message);
            }
        }

        return wrong.Count switch
        {
            0 => null,
            1 => throw new InvalidTokenException(wrong[0]),
            _ => throw new InvalidTokenException($"[{string.Join(", ", wrong.Distinct(StringComparer.Ordinal))}]"),
        };
    }

    private static UserInfo Authenticated(UserInfo user) =>
        user.Groups.Contains(WellKnown.Authenticated) ? user : user with { Groups = [.. user.Groups, WellKnown.Authenticated] };
}
