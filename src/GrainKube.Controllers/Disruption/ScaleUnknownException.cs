namespace GrainKube.Controllers.Disruption;

/// <summary>How many pods there are to be cannot be said; the message is for the budget's status.</summary>
internal sealed class ScaleUnknownException(string message) : Exception(message);
