namespace GrainKube.ApiServer.Streaming.Spdy;

/// <summary>The peer sent what the protocol does not allow, or more than we take; the session cannot go on.</summary>
internal sealed class SpdyProtocolException(string message) : IOException(message);
