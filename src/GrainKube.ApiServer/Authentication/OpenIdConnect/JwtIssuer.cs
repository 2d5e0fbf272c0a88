namespace GrainKube.ApiServer.Authentication.OpenIdConnect;

/// <summary>An issuer of JSON Web Tokens that is believed, and what its claims mean.</summary>
public sealed record JwtIssuer
{
    /// <summary>The <c>iss</c> of its tokens, an https address.</summary>
    public required string Url { get; init; }

    /// <summary>Where its discovery document is; empty: at the well-known place below <see cref="Url"/>.</summary>
    public string DiscoveryUrl { get; init; } = "";

    /// <summary>Certificates in PEM that its server must be signed by; empty: those of the machine.</summary>
    public string CertificateAuthority { get; init; } = "";

    /// <summary>A token must be meant for one of these.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>Algorithms of signatures that are accepted.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"];

    public IReadOnlyList<ClaimRule> ClaimRules { get; init; } = [];
    public required MappedClaim Username { get; init; }
    public MappedClaim? Groups { get; init; }
    public MappedClaim? Uid { get; init; }

    /// <summary>Further facts of a user, by key; each an expression.</summary>
    public IReadOnlyList<(string Key, string Expression)> Extra { get; init; } = [];

    /// <summary>What must be true of the user that comes out.</summary>
    public IReadOnlyList<(string Expression, string Message)> UserRules { get; init; } = [];
}

/// <summary>Where a fact of a user comes from: a claim, with something before it, or an expression over all claims.</summary>
public sealed record MappedClaim(string Claim = "", string Prefix = "", string Expression = "");

/// <summary>What must be true of a token: a claim has a value, or an expression over all claims holds.</summary>
public sealed record ClaimRule(string Claim = "", string RequiredValue = "", string Expression = "", string Message = "");
