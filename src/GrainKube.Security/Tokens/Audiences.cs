namespace GrainKube.Security.Tokens;

/// <summary>Audiences of tokens that name none themselves: they are meant for the API server.</summary>
public static class Audiences
{
    /// <summary>Those of the audiences asked for that are the API server's; empty where none is.</summary>
    /// <param name="asked">Empty means the API server.</param>
    public static IReadOnlyList<string> OfServer(IReadOnlyList<string> asked) =>
        asked.Count == 0 || asked.Contains(TokenIssuer.Issuer) ? [TokenIssuer.Issuer] : [];
}
