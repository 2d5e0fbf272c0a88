using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>The answer of an <see cref="IUnstoredResource"/>.</summary>
/// <param name="Code">HTTP status, usually 201.</param>
/// <param name="Body">The object with apiVersion and kind.</param>
public sealed record UnstoredAnswer(int Code, JsonObject Body);
