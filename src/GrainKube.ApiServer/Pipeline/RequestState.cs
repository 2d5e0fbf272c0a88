using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Requests;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>What the pipeline has found out about a request so far.</summary>
public sealed class RequestState
{
    public required RequestInfo Info { get; init; }

    /// <summary>Set by authentication.</summary>
    public UserInfo? User { get; set; }

    /// <exception cref="InvalidOperationException">The request did not come through the pipeline.</exception>
    public static RequestState Of(HttpContext context) =>
        context.Features.Get<RequestState>() ?? throw new InvalidOperationException("The request has not passed the API server's pipeline");
}
