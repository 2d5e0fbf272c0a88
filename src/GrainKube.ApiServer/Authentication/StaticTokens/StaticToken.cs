namespace GrainKube.ApiServer.Authentication.StaticTokens;

/// <summary>A token that somebody wrote into a file: it is good for as long as the server runs.</summary>
public sealed record StaticToken(string Token, string User, string Uid, IReadOnlyList<string> Groups);
