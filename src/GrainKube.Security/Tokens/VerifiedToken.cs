using GrainKube.ApiMachinery.Identity;

namespace GrainKube.Security.Tokens;

/// <summary>A token that was found good.</summary>
/// <param name="User">Whose it is.</param>
/// <param name="Audiences">Those of the audiences asked for that the token is meant for.</param>
public sealed record VerifiedToken(UserInfo User, IReadOnlyList<string> Audiences);
