namespace GrainKube.Security.Rbac;

/// <summary>The answer to a question of access.</summary>
/// <param name="Allowed">True where a rule grants it.</param>
/// <param name="Reason">Upstream's explanation; often empty on a denial.</param>
public readonly record struct AccessDecision(bool Allowed, string Reason);
