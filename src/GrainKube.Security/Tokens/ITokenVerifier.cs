namespace GrainKube.Security.Tokens;

/// <summary>Knows bearer tokens of one kind.</summary>
public interface ITokenVerifier
{
    /// <summary>Who presents this token, or null where it is none of this kind.</summary>
    /// <param name="token">The bearer token.</param>
    /// <param name="audiences">At least one of these must be among the token's; empty means the API server.</param>
    /// <param name="cancel">Stops a look-up.</param>
    /// <exception cref="InvalidTokenException">The token is of this kind and is not good.</exception>
    ValueTask<VerifiedToken?> VerifyAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancel);
}
