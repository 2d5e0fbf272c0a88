namespace GrainKube.ApiServer.Pipeline;

/// <summary>What an authorizer thinks.</summary>
/// <param name="Allowed">False means: no opinion in favour; another authorizer may still allow.</param>
/// <param name="Reason">Said to the client after the refusal where it is not empty.</param>
/// <param name="Denied">It is refused whatever the authorizers after this one think.</param>
/// <param name="Error">What went wrong on the way; null where nothing did. A request that is not allowed fails with it (500) and is not refused.</param>
public readonly record struct AuthorizationDecision(bool Allowed, string Reason = "", bool Denied = false, string? Error = null);
