namespace GrainKube.Security.Tokens;

/// <summary>An object that a token is bound to: when it goes, the token is worth nothing.</summary>
public sealed record BoundObject(string Name, string Uid);

/// <summary>What a service-account token says.</summary>
public sealed record TokenClaims
{
    public required string Namespace { get; init; }
    public required BoundObject ServiceAccount { get; init; }
    public BoundObject? Pod { get; init; }
    public BoundObject? Secret { get; init; }

    /// <summary>The node of the pod, or the node the token itself is bound to.</summary>
    public BoundObject? Node { get; init; }
    public required IReadOnlyList<string> Audiences { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required DateTimeOffset NotBefore { get; init; }
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Use after this time is noted; null where the token is not extended.</summary>
    public DateTimeOffset? WarnAfter { get; init; }
    public required string Issuer { get; init; }

    /// <summary>The credential's id (<c>jti</c>).</summary>
    public required string Id { get; init; }
}
