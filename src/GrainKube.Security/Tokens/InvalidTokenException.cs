namespace GrainKube.Security.Tokens;

/// <summary>A token that is ours to judge and is not good; the message is upstream's. The client only hears 401, a TokenReview shows the message.</summary>
public sealed class InvalidTokenException(string message) : Exception(message);
