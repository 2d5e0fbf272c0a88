using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Audit;
using GrainKube.ApiServer.Requests;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>What the pipeline has found out about a request so far.</summary>
public sealed class RequestState
{
    public required RequestInfo Info { get; init; }

    /// <summary>Set by authentication.</summary>
    public UserInfo? User { get; set; }

    /// <summary>Tells this request from all others, here and in the logs of the servers it is sent on to: the client's own where it gives one.</summary>
    public required string AuditId { get; init; }

    /// <summary>What is recorded of it; null where nothing is.</summary>
    internal AuditEvent? Audit { get; set; }

    /// <summary>To be called by a watch that has sent what there was when it began: from then on it costs little. Null where nobody wants to know.</summary>
    internal Action? HasBegun { get; set; }

    /// <exception cref="InvalidOperationException">The request did not come through the pipeline.</exception>
    public static RequestState Of(HttpContext context) =>
        context.Features.Get<RequestState>() ?? throw new InvalidOperationException("The request has not passed the API server's pipeline");
}
