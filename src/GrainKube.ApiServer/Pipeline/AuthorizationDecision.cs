namespace GrainKube.ApiServer.Pipeline;

/// <summary>What an authorizer thinks.</summary>
/// <param name="Allowed">False means: no opinion in favour; another authorizer may still allow.</param>
/// <param name="Reason">Said to the client after the refusal where it is not empty.</param>
/// <param name="Denied">It is refused whatever the authorizers after this one think.</param>
public readonly record struct AuthorizationDecision(bool Allowed, string Reason = "", bool Denied = false);
