namespace GrainKube.ApiServer.Endpoints;

/// <summary>The <c>metadata</c> of a list.</summary>
internal sealed record ListHead(long Revision, string Continue = "", long? Remaining = null);
