using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>A question to an <see cref="IUnstoredResource"/>.</summary>
/// <param name="User">Who asks; already authorized.</param>
/// <param name="Info">What the path says: namespace and name for a subresource.</param>
/// <param name="Body">The object that was posted; may be changed and sent back.</param>
/// <param name="DryRun">Nothing is to be stored.</param>
public sealed record UnstoredRequest(UserInfo User, RequestInfo Info, JsonObject Body, bool DryRun);
